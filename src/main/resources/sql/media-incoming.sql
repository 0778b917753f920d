-- What arrived and is needed no more: for media that are deleted, at once and again when no URL is valid any more, and for those
-- that are no longer PENDING, then. Infected files stay to be looked into, as long as their medium does.
select s.media_id, m.bucket, s.incoming_key, s.upload_id, m.storage_key, s.copy_id, true as last
from mediaferry.upload_session s join mediaferry.media m on m.id = s.media_id
where m.status <> 'PENDING' and s.expires_at < now() - :#validSeconds * interval '1 second'
  and m.failure is distinct from 'infected'
union all
select d.media_id, d.bucket, d.incoming_key, d.upload_id, d.storage_key, d.copy_id,
  d.deleted_at < now() - :#validSeconds * interval '1 second'
from mediaferry.media_deleted d
where d.incoming_key is not null and (d.settled_at is null or d.deleted_at < now() - :#validSeconds * interval '1 second')
limit 10000

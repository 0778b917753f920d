-- What arrived and is needed no more: for media that are deleted, and for those that are no longer PENDING once no URL is valid.
-- Infected files stay for whoever looks into them, as long as their medium does.
select s.media_id, m.bucket, s.incoming_key, s.upload_id
from mediaferry.upload_session s join mediaferry.media m on m.id = s.media_id
where m.status <> 'PENDING' and s.expires_at < now() - interval '1 hour' and m.failure is distinct from 'infected'
union all
select d.media_id, d.bucket, d.incoming_key, d.upload_id from mediaferry.media_deleted d
where d.settled_at is null and d.incoming_key is not null
limit 10000

-- Media that sweeps should have dealt with, by more than the time that passes between two of them; and deleted ones whose objects
-- are still there.
select m.id::text as id, m.storage_key as key, m.status || ' since ' || to_char(m.status_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as detail
from mediaferry.media m left join mediaferry.upload_session s on s.media_id = m.id
where m.status <> 'READY' and case m.status
  when 'PENDING' then coalesce(s.expires_at, m.created_at + interval '24 hours') < now() - interval '10 minutes'
    and (s.lease_until is null or s.lease_until < now() - interval '10 minutes')
  when 'UPLOADED' then m.status_since < now() - interval '20 minutes'
  when 'PROCESSING' then m.status_since < now() - interval '1 day 10 minutes'
  else m.status_since < now() - interval '8 days' and m.unattached_since is not null and mediaferry.media_referenced(m.id) is null end
  and (m.status not in ('UPLOADED', 'PROCESSING') or not exists (select from mediaferry.derive_job j
    where j.object_key = m.storage_key and j.bucket is not distinct from m.bucket and j.state in ('waiting', 'claimed')))
union all
select d.media_id::text, d.storage_key, 'deleted at ' || to_char(d.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ', its object is not removed'
from mediaferry.media_deleted d where d.settled_at is null and d.deleted_at < now() - interval '1 day'

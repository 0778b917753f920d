-- What is to be done with media: fail those that took too long, delete those that nobody needs, remove what is left of them.
select x.id, x.user_id, x.media_type, x.action, x.reason from (
  select m.id, m.user_id, m.media_type, 'fail' as action,
    case m.status when 'PENDING' then 'expired' when 'UPLOADED' then 'unprocessed' else 'stuck' end as reason
  from mediaferry.media m left join mediaferry.upload_session s on s.media_id = m.id
  where m.status in ('PENDING', 'UPLOADED', 'PROCESSING') and case m.status
    when 'PENDING' then coalesce(s.expires_at, m.created_at + interval '24 hours') < now()
      and (s.lease_until is null or s.lease_until < now())
      and (:#dryRun::boolean or s.media_id is null or s.looked_at >= s.expires_at or s.expires_at < now() - interval '1 day')
    when 'UPLOADED' then m.status_since < now() - interval '10 minutes'
    else m.status_since < now() - interval '24 hours' end
  union all
  select m.id, m.user_id, m.media_type, 'delete', 'failed' from mediaferry.media m
  where m.status = 'FAILED' and m.status_since < now() - interval '7 days' and m.unattached_since is not null
  union all
  select m.id, m.user_id, m.media_type, 'delete', 'unattached'
  from unnest(:#types::text[], :#seconds::bigint[]) as t (type, seconds)
  join mediaferry.media m on m.media_type = t.type
  where m.status in ('UPLOADED', 'READY') and m.origin = 'session'
    and greatest(m.unattached_since, m.status_since) < now() - t.seconds * interval '1 second' and m.unattached_since is not null
  union all
  select m.id, m.user_id, m.media_type, 'delete', 'replaced' from mediaferry.media m
  where m.media_type = any (:#replaced::text[]) and m.status = 'READY' and m.origin = 'session' and m.unattached_since is not null
    -- By what the user has uploaded: what an entry moved is older than its medium.
    and exists (select from mediaferry.media n
      where n.media_type = m.media_type and n.user_id = m.user_id and n.status = 'READY' and n.origin = 'session' and n.id > m.id)
  union all
  select d.media_id, d.user_id, d.media_type, 'remove', case when d.settled_at is null then 'deleted' else 'incoming' end
  from mediaferry.media_deleted d
  where d.settled_at is null
    or (d.incoming_key is not null and d.deleted_at < now() - :#validSeconds * interval '1 second')
  union all
  select m.id, m.user_id, m.media_type, 'remove', 'incoming'
  from mediaferry.upload_session s join mediaferry.media m on m.id = s.media_id
  where m.status <> 'PENDING' and s.expires_at < now() - :#validSeconds * interval '1 second' and m.failure is distinct from 'infected'
) x
where x.action <> 'delete' or mediaferry.media_referenced(x.id) is null
order by x.id limit 10000

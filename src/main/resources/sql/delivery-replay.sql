-- What is open already stays as it is.
insert into mediaferry.media_delivery (target, event_id, media_id)
select :#target, e.id, e.media_id
from mediaferry.media_event e
left join mediaferry.media_delivery d on d.event_id = e.id and d.target = :#target
where e.kind = any (case :#target when 'purge' then '{media.deleted}'
    else '{media.uploaded,media.ready,media.failed,media.attached,media.deleted}' end::text[])
  and (not :#dead::boolean or d.state = 'dead') and d.state is distinct from 'open'
  and (:#mediaId::uuid is null or e.media_id = :#mediaId::uuid)
  and (cardinality(:#events::bigint[]) = 0 or e.id = any (:#events::bigint[]))
order by e.id
on conflict (event_id, target) do update
set state = 'open', attempts = 0, due = now(), lease_until = null, failure = null, ended_at = null

-- Marks of a sweep, and those of a rollback while its process lives; and rows that other bytes under this key belong to.
select
  count(*) filter (where t.object_state = 'removing' and (t.state in ('superseded', 'discarded')
    or t.worker in (select w.id from mediaferry.worker w where w.lease_until > now()))) as removals,
  count(*) filter (where t.state = 'linked' and t.sha256 <> :#sha256) as others
from mediaferry.transfer t
where t.shared and t.object_key = :#objectKey and t.bucket is not distinct from :#bucket::text

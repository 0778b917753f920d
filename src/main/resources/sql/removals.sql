-- Marks of a sweep, and those of a rollback while its process lives.
select count(*) as removals from mediaferry.transfer t
where t.shared and t.object_key = :#objectKey and t.bucket is not distinct from :#bucket::text and t.object_state = 'removing'
  and (t.state = 'superseded' or t.worker in (select w.id from mediaferry.worker w where w.lease_until > now()))

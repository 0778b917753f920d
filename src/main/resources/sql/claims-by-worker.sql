-- Who has claimed rows. A process that is alive holds its advisory lock, or at least its lease.
select t.worker, w.host, w.pid, count(*) as rows, min(t.updated) as since,
  w.id is not null and (w.lease_until > now()) and exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.classid = :#space::oid and l.objid = w.id::oid and l.objsubid = 2
      and l.database = (select oid from pg_database where datname = current_database())) as alive
from mediaferry.transfer t left join mediaferry.worker w on w.id = t.worker
where t.state = 'claimed'
group by t.worker, w.id, w.host, w.pid, w.lease_until order by since, t.worker

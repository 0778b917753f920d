-- An act whose process is no more holds neither its advisory lock nor its lease, and never ends.
select a.id, a.at, a.who, a.origin, a.act, a.subject, a.ended, a.outcome, a.failure,
  a.ended is null and a.worker is not null and not exists (
    select from mediaferry.worker w
    where w.id = a.worker and w.lease_until > now() and exists (
      select from pg_locks l
      where l.locktype = 'advisory' and l.classid = :#space::oid and l.objid = w.id::oid and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database()))) as interrupted
from mediaferry.audit a where a.id < :#before order by a.id desc limit :#most

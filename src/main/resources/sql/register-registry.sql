-- Writes down that a registry is in use. Answers another one that was so within a month and has no entry in common with it.
with used as (
  insert into mediaferry.registry as r (fingerprint, entries, host) values (:fingerprint, :names::text[], :host)
  on conflict (fingerprint) do update set host = excluded.host, seen = now()
)
select r.host, r.seen, (select string_agg(name, ', ') from (select unnest(r.entries) as name limit 5) as shown) as entries
from mediaferry.registry r
where r.fingerprint <> :fingerprint and r.seen > now() - interval '30 days' and cardinality(r.entries) > 0
  and cardinality(:names::text[]) > 0 and not r.entries && :names::text[]
order by r.seen desc limit 1

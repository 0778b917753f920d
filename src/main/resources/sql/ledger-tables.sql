-- With their indexes and what lies beside them.
select c.relname as name, pg_total_relation_size(c.oid) as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.oid = (select l.relnamespace from pg_class l where l.oid = (select tableoid from mediaferry.schema_history limit 1))
  and c.relkind = 'r' order by 2 desc, 1

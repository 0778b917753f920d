-- With their indexes and what lies beside them.
select c.relname as name, pg_total_relation_size(c.oid) as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'mediaferry' and c.relkind = 'r' order by 2 desc, 1

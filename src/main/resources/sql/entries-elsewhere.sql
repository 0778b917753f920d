-- Entries that the ledger knows in another schema, where a table of that name still is.
select e.name, e.table_schema
from unnest(:names::text[], :schemas::text[], :tables::text[]) as h (name, table_schema, table_name)
join mediaferry.entry e on e.name = h.name and e.table_name = h.table_name and e.table_schema <> h.table_schema
where exists (
  select from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = e.table_schema and c.relname = e.table_name)
order by e.name

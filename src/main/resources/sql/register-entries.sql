insert into mediaferry.entry (name, table_schema, table_name)
select * from unnest(:names::text[], :schemas::text[], :tables::text[]) as h (name, table_schema, table_name) order by 1
on conflict (name) do update set table_schema = excluded.table_schema, table_name = excluded.table_name
where (entry.table_schema, entry.table_name) is distinct from (excluded.table_schema, excluded.table_name)

with gone as (
  delete from mediaferry.delivery_target where name <> all (:#targets::text[])
)
insert into mediaferry.delivery_target (name) select unnest(:#targets::text[]) on conflict do nothing

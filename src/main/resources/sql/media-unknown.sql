-- Every medium has events, also when it is deleted.
select m.id from unnest(:ids::uuid[]) as m (id)
where not exists (select from mediaferry.media_event e where e.media_id = m.id) and not exists (select from mediaferry.media x where x.id = m.id)

-- Files that wait since an earlier run and are not among those that are imported now: a run over their folder plans them anew.
-- Only while the list of those is whole: a crash of the database empties it.
update mediaferry.transfer t set state = 'superseded', worker = null, updated = now()
where t.entry = :#entry and t.state = 'waiting' and not :#dryRun::boolean and not exists (
  select from mediaferry.inventory i
  where i.worker = :#worker and i.entry = t.entry and i.path = t.row_key and i.reason is null)
  and :#planned::bigint = (
    select count(*) from mediaferry.inventory i where i.worker = :#worker and i.entry = :#entry and i.reason is null)

-- What the store did not answer for is tried again, in an hour.
with forgotten as (
  delete from mediaferry.derivative_removal where settled_at < now() - interval '30 days'
)
update mediaferry.derivative_removal
set settled_at = case when id = any (:#unsettled::bigint[]) then null else now() end,
  due = case when id = any (:#unsettled::bigint[]) then now() + interval '1 hour' else due end,
  kept = case when id = any (:#kept::bigint[]) then 'not ours, changed, or in use' end
where id = any (:#kept::bigint[]) or id = any (:#removed::bigint[]) or id = any (:#unsettled::bigint[])

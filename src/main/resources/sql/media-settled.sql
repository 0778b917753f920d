-- What the store did not answer for is tried again.
update mediaferry.media_deleted
set settled_at = now(), kept = case when id = any (:#kept::bigint[]) then 'not ours, changed, or in use' end
where (id = any (:#kept::bigint[]) or id = any (:#removed::bigint[])) and not id = any (:#unsettled::bigint[])

-- What is kept is swept no more; what the store did not answer for is swept again.
update mediaferry.transfer
set object_state = case when id = any (:#kept::bigint[]) then 'kept' else 'removed' end, updated = now()
where (id = any (:#kept::bigint[]) or id = any (:#removed::bigint[])) and not id = any (:#unsettled::bigint[])

-- What this process still holds when it stops: others may have it at once.
update mediaferry.transfer t
set state = 'waiting', due = now(), worker = null, updated = now(),
    object_state = case when t.object_state = 'none' then 'unknown' else t.object_state end
where t.worker = :#worker and t.state = 'claimed'

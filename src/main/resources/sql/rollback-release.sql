-- Lets go of what was rolled back. Where the object is still there it is taken over; else the row is planned anew.
update mediaferry.transfer t
set state = case when object_state = 'present' then 'waiting' else 'superseded' end,
    object_state = case when object_state = 'present' then 'present' else 'removed' end,
    due = now(), attempts = 0, failure = null, message = null, worker = null, updated = now()
where entry = any (:#entries::text[]) and state = 'rolled_back'
  and (:#run::bigint = 0 or run = :#run::bigint) and updated >= :#since::timestamptz
  and (:#rowKey::text = '' or row_key = :#rowKey::text)

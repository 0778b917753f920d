-- Bytes of imports that are in the store.
select coalesce(sum(bytes), 0)::bigint from mediaferry.transfer where details is not null and object_state = 'present'

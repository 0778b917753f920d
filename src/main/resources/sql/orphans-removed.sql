select object_key from mediaferry.transfer where id = any (:ids::bigint[]) and object_state = 'removed'

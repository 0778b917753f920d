select count(*) as removals from mediaferry.transfer where shared and object_key = :#objectKey and object_state = 'removing'

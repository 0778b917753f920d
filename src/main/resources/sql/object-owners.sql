-- Whoever else leads to a shared object, or may take it over.
select count(*) as owners from mediaferry.transfer
where shared and object_key = :#objectKey and bucket is not distinct from :#bucket::text and id <> :#id
  and (state in ('claimed', 'linked')
    or (state in ('waiting', 'dead', 'rolled_back') and object_state in ('present', 'unknown')))

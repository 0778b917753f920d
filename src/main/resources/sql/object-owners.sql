select count(*) as owners from mediaferry.transfer
where shared and object_key = :#objectKey and bucket is not distinct from :#bucket::text and id <> :#id and state in ('claimed', 'linked')

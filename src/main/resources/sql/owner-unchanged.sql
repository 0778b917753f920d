select count(*) from mediaferry.transfer
where id = :id and state in ('linked', 'rolled_back') and object_state in ('present', 'foreign') and object_key = :key and bucket is not distinct from :bucket::text and sha256 = :sha256

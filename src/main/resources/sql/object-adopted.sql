-- Of all transfers that lead to the object, as equal bytes may share it.
update mediaferry.transfer set etag = :etag
where object_key = :objectKey and bucket is not distinct from :bucket::text and sha256 = :sha256 and object_state = 'present'

-- What a master playlist says of a rung that this job has just made.
update mediaferry.media_derivative
set stream = :#stream
where object_key = :#objectKey and bucket is not distinct from :#bucket::text and kind = 'playlist' and size = :#size and storage_key = :#key

-- The rungs of a film that are there, from the lowest, and the master playlist that leads to them.
select kind, size, version, storage_key, cdn_url, sha256, stream
from mediaferry.media_derivative
where object_key = :#objectKey and bucket is not distinct from :#bucket::text and state = 'ready'
  and (kind = 'playlist' and stream is not null or kind = 'master')
order by kind, size

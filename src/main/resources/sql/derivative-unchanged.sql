select count(*) from mediaferry.media_derivative d left join mediaferry.media_derivative_part p on p.derivative = d.id and p.storage_key = :key
where d.id = :id::bigint and (d.storage_key = :key or p.storage_key = :key) and d.bucket is not distinct from :bucket::text
  and coalesce(p.sha256, d.sha256) is not distinct from :sha256::text and coalesce(p.etag, d.etag) is not distinct from :etag::text

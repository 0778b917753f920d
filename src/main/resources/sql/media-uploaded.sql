update mediaferry.media set status = 'UPLOADED', file_size = :#fileSize, mime_type = :#mimeType,
  sha256 = coalesce(:#sha256::text, sha256), etag = :#etag::text, cdn_url = :#cdnUrl::text, width = :#width::integer,
  height = :#height::integer, duration = :#duration::double precision
where id = :#id::uuid and status = 'PENDING'

-- A client that begins a multipart upload at the store itself names it in what it asks next.
update mediaferry.upload_session set upload_id = :#uploadId, part_size = coalesce(part_size, :#partSize::bigint),
  begun = coalesce(begun, now())
where media_id = :#id::uuid and upload_id is null

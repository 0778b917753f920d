-- In the order of the disk: sorting a large run would take longer than showing it.
select id, entry, row_key, source, target, content_type, bytes, bucket, object_key from mediaferry.transfer
where run = :#run and state = 'linked' and (:#entry::text is null or entry = :#entry::text)
offset :#offset limit :#most

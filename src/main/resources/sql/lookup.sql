-- Transfers of a link, or to an object; read through once, since nobody asks often.
select id, run, entry, row_key, state, failure, message, attempts, due, deadline, source, link, target, object_key, bucket, object_state,
  sha256, bytes, content_type, etag, created, updated
from mediaferry.transfer
where source = any (:links::text[]) or link = any (:links::text[]) or target = any (:links::text[]) or object_key = any (:keys::text[])
order by id desc limit :most

-- What an upload becomes part by part, and of which bytes.
update mediaferry.upload_session s set copy_id = :#copyId::text, etag = :#etag
from mediaferry.media m
where m.id = s.media_id and m.status = 'PENDING' and s.media_id = :#id::uuid

-- Who has an upload keeps it; not when others could take it, and did.
update mediaferry.upload_session s set lease_until = now() + :#seconds::integer * interval '1 second'
from mediaferry.media m
where m.id = s.media_id and m.status = 'PENDING' and s.media_id = :#id::uuid and s.lease_until = :#lease::timestamptz

-- One at a time completes an upload; should it die, others may when its time is over.
update mediaferry.upload_session s set lease_until = now() + :#seconds::integer * interval '1 second', begun = coalesce(s.begun, now())
from mediaferry.media m
where m.id = s.media_id and m.status = 'PENDING' and s.media_id = :#id::uuid
  and (s.lease_until is null or s.lease_until < now())
returning s.lease_until

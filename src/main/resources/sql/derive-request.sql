-- How what somebody has asked for stands; later is what has failed and is tried again when a command waits no longer.
select count(*) filter (where state = 'done') as done, count(*) filter (where state = 'dead') as dead,
  count(*) filter (where state = 'waiting' and due > now() + interval '1 minute') as later, count(*) as asked
from mediaferry.derive_job where request = :#request::uuid

-- Nothing was stored for these yet: their objects go to the bucket that is configured now.
update mediaferry.transfer set bucket = :now::text
where bucket is not distinct from :before::text and state in ('waiting', 'dead') and object_state = 'none'

update mediaferry.upload_session set lease_until = null where media_id = :#id::uuid

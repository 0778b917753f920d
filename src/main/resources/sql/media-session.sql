select * from mediaferry.upload_session where media_id = :#id::uuid

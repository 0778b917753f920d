update mediaferry.media set status = 'PROCESSING' where id = :#id::uuid and status = 'UPLOADED'

update mediaferry.media set status = 'READY' where id = :#id::uuid and status in ('UPLOADED', 'PROCESSING')

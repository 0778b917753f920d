update mediaferry.upload_session set begun = now() where media_id = :#id::uuid and begun is null

delete from mediaferry.media_attachment where media_id = any (:#ids::uuid[]) and owner_type = :#ownerType

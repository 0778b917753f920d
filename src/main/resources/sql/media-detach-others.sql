-- All media of an owner but these.
delete from mediaferry.media_attachment a using mediaferry.media m
where m.id = a.media_id and a.owner_type = :#ownerType and a.owner_id = :#ownerId and a.media_id <> all (:#media::uuid[])
  and (:#userId::text is null or m.user_id = :#userId::text)

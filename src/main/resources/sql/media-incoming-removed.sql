with session as (
  delete from mediaferry.upload_session where media_id = :#mediaId::uuid and incoming_key = :#incomingKey
)
update mediaferry.media_deleted set upload_id = null, copy_id = null, incoming_key = case when not :#last::boolean then incoming_key end
where media_id = :#mediaId::uuid and incoming_key = :#incomingKey

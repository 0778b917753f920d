with session as (
  delete from mediaferry.upload_session where media_id = :#mediaId::uuid and incoming_key = :#incomingKey
)
update mediaferry.media_deleted set incoming_key = null, upload_id = null
where media_id = :#mediaId::uuid and incoming_key = :#incomingKey

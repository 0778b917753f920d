-- What has expired goes on the way.
with gone as (
  delete from mediaferry.upload_token where digest in (
    select digest from mediaferry.upload_token where expires_at < now() limit 100 for update skip locked)
)
insert into mediaferry.upload_token (digest, user_id, tier, media_type, expires_at)
values (:#digest, :#userId, :#tier::text, :#mediaType, now() + :#lifeSeconds * interval '1 second')
returning expires_at

-- Uploads that nobody has reported yet. One that is looked for has its next turn the later the older it is, after 10 minutes at most,
-- and once it has expired. What is no longer PENDING has none.
with over as (
  update mediaferry.upload_session s set look_at = 'infinity' from mediaferry.media m
  where m.id = s.media_id and m.status <> 'PENDING' and s.look_at <= now() and not :#dryRun::boolean
), due as materialized (
  select s.media_id from mediaferry.upload_session s join mediaferry.media m on m.id = s.media_id
  where m.status = 'PENDING' and (s.lease_until is null or s.lease_until < now()) and (s.look_at <= now() or :#all::boolean)
  order by s.look_at limit :#most::integer for update of s skip locked
), turns as (
  update mediaferry.upload_session s
  set look_at = least(
    now() + greatest(interval '50 seconds', least((now() - s.created_at) / 10, interval '10 minutes')),
    case when s.expires_at > now() then s.expires_at end)
  from due d where s.media_id = d.media_id and not :#dryRun::boolean
)
select media_id from due

-- Tombstones, and what the API keeps for a while only.
with answers as (
  delete from mediaferry.api_answer where created_at < now() - interval '24 hours'
), limits as (
  delete from mediaferry.rate_limit where expires_at < extract(epoch from now()) * 1000
), tickets as (
  delete from mediaferry.media_ticket where expires_at < now()
)
delete from mediaferry.media_deleted where settled_at < now() - interval '30 days'

-- A copy becomes a ledger of its own. The keys that were chosen before are those of the original, which still stores its objects
-- there: what waits is planned anew, with other keys, and what was rolled back is not taken over. Uploads that are under way, and all
-- that arrives, are the original's.
with renewed as (
  update mediaferry.ledger set id = :id, database = :here, created = now()
), failed as (
  update mediaferry.media set status = 'FAILED', failure = 'copied', message = 'the database is a copy: begin a new upload'
  where status = 'PENDING'
), sessions as (
  delete from mediaferry.upload_session
), tokens as (
  delete from mediaferry.upload_token
), tombstones as (
  update mediaferry.media_deleted set incoming_key = null, upload_id = null where incoming_key is not null
)
update mediaferry.transfer
set state = case when state = 'rolled_back' then state else 'superseded' end, worker = null, updated = now(),
    object_state = case when object_state = 'none' then 'none' else 'kept' end
where state in ('waiting', 'claimed', 'dead')
  or (state = 'rolled_back' and object_state in ('present', 'unknown', 'removing'))

-- What was answered to a POST with an Idempotency-Key, so that it is answered again instead of done again.
create table mediaferry.api_answer (
  user_id text not null,
  key text not null,
  -- SHA-256 of method, address and body.
  request text not null,
  -- Who answers it, and until when nobody else may.
  claim uuid not null,
  leased_until timestamptz not null,
  -- Null until it is answered.
  status integer,
  content_type text,
  body text,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);

create index api_answer_created on mediaferry.api_answer (created_at);

-- How much a user may still do, as bucket4j keeps it. Times are milliseconds since 1970.
create table mediaferry.rate_limit (
  id text primary key,
  state bytea,
  expires_at bigint
);

create index rate_limit_expiry on mediaferry.rate_limit (expires_at);

-- What opens the events of one medium for a minute, to clients that cannot send a token. By its SHA-256.
create table mediaferry.media_ticket (
  ticket text primary key,
  media_id uuid not null references mediaferry.media (id) on delete cascade,
  user_id text not null,
  expires_at timestamptz not null
);

create index media_ticket_expiry on mediaferry.media_ticket (expires_at);
create index media_ticket_medium on mediaferry.media_ticket (media_id);

-- That somebody was led to the object of a medium is no change of it: no event, and no other updated_at.

create trigger media_beginning before insert on mediaferry.media
  for each row execute function mediaferry.media_changing();
drop trigger media_changing on mediaferry.media;
create trigger media_changing before update on mediaferry.media
  for each row when (old.last_fetched is not distinct from new.last_fetched) execute function mediaferry.media_changing();

create trigger media_begun after insert on mediaferry.media
  for each row execute function mediaferry.media_changed();
drop trigger media_changed on mediaferry.media;
create trigger media_changed after update on mediaferry.media
  for each row when (old.last_fetched is not distinct from new.last_fetched) execute function mediaferry.media_changed();

-- Links that were moved, by what they were.
create index transfer_moved on mediaferry.transfer (md5(source)) where state = 'linked';

-- How many uploads a user has open.
create index media_pending on mediaferry.media (user_id) where status = 'PENDING';

-- Large uploads are copied part by part: the store's multipart upload that the copy becomes, under the medium's own key.
alter table mediaferry.upload_session add column copy_id text;
alter table mediaferry.media_deleted add column copy_id text;

-- A session goes with its medium; what is to be aborted is kept with the tombstone.
create function mediaferry.upload_session_deleted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update mediaferry.media_deleted d set copy_id = old.copy_id
  where d.media_id = old.media_id and d.incoming_key = old.incoming_key;
  return null;
end $$;

create trigger upload_session_deleted after delete on mediaferry.upload_session
  for each row when (old.copy_id is not null) execute function mediaferry.upload_session_deleted();

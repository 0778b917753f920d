-- Media as applications know them, and what happens to them. Applications refer to media by foreign keys and attach them by the
-- functions below, inside transactions of their own.
create table mediaferry.media (
  -- Version 7, so that ids follow the time in which they were made.
  id uuid primary key,
  user_id text not null,
  -- A name of the registry, like POST_IMAGE.
  media_type text not null,
  -- Where the object lies once it is promoted. The bucket is null for the configured one, as in transfer.
  storage_key text not null,
  bucket text,
  cdn_url text,
  -- The link that it had elsewhere.
  original_url text,
  -- For display only.
  file_name text,
  -- As the client says while PENDING, as verified afterwards.
  file_size bigint check (file_size >= 0),
  mime_type text,
  sha256 text,
  etag text,
  width integer,
  height integer,
  -- Seconds.
  duration double precision,
  status text not null default 'PENDING'
    check (status in ('PENDING', 'UPLOADED', 'PROCESSING', 'READY', 'FAILED')),
  status_since timestamptz not null default now(),
  -- Why it FAILED: a short name, and a sentence.
  failure text,
  message text,
  -- session: uploaded here; entry: moved here by a field, an import or an archive.
  origin text not null default 'session' check (origin in ('session', 'entry')),
  -- Since when nothing is known to use it; null while it is attached.
  unattached_since timestamptz default now(),
  metadata jsonb not null default '{}',
  thumbnail_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index media_user on mediaferry.media (user_id, id desc);
create index media_type_user on mediaferry.media (media_type, user_id, id desc);
create index media_under_way on mediaferry.media (status, status_since) where status <> 'READY';
create index media_unattached on mediaferry.media (unattached_since) where unattached_since is not null;
create index media_object on mediaferry.media (storage_key);
create index media_original on mediaferry.media (md5(original_url)) where original_url is not null;

-- What a medium that is being uploaded needs, and where the client's bytes arrive. The row stays until what arrived there is
-- removed: a late writer may still hold a valid URL when the medium is READY.
create table mediaferry.upload_session (
  media_id uuid primary key references mediaferry.media (id) on delete cascade,
  -- Under the incoming prefix, in the bucket of the medium.
  incoming_key text not null unique,
  -- Of the store's multipart upload; null for a single PUT.
  upload_id text,
  part_size bigint check (part_size > 0),
  -- As the client says. The size is null where it says none.
  declared_size bigint check (declared_size > 0),
  declared_type text not null,
  declared_sha256 text,
  -- What the user's tier may upload of this type.
  max_bytes bigint not null check (max_bytes > 0),
  -- When something of it was seen, or signed again.
  begun timestamptz,
  -- Of what lies there, as verified: promotion is pinned to it.
  etag text,
  -- Somebody completes it, and has it until then.
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check (upload_id is null or part_size is not null)
);

create index upload_session_expiry on mediaferry.upload_session (expires_at);

-- Each medium belongs to one owner at most: a row of the application, by the table's name or whatever it calls it, and its id.
create table mediaferry.media_attachment (
  media_id uuid primary key references mediaferry.media (id) on delete cascade,
  owner_type text not null,
  owner_id text not null,
  position integer not null,
  created_at timestamptz not null default now()
);

create index media_attachment_owner on mediaferry.media_attachment (owner_type, owner_id, position);

-- Tombstones: what is to be removed of media whose rows are gone, and what was removed.
create table mediaferry.media_deleted (
  id bigint generated always as identity primary key,
  media_id uuid not null,
  user_id text not null,
  media_type text not null,
  status text not null,
  storage_key text not null,
  bucket text,
  cdn_url text,
  file_size bigint,
  sha256 text,
  etag text,
  incoming_key text,
  upload_id text,
  deleted_at timestamptz not null default now(),
  -- When its objects were removed, or it was decided that they stay; null until then.
  settled_at timestamptz,
  -- Why its object stays in the bucket.
  kept text
);

create index media_deleted_medium on mediaferry.media_deleted (media_id);
create index media_deleted_open on mediaferry.media_deleted (id) where settled_at is null;
create index media_deleted_settled on mediaferry.media_deleted (settled_at) where settled_at is not null;

-- Every change of a medium, in the transaction that made it: the audit, and the outbox of webhooks.
create table mediaferry.media_event (
  id bigint generated always as identity primary key,
  -- No foreign key: events outlive their medium.
  media_id uuid not null,
  user_id text not null,
  kind text not null,
  -- The medium as it is from then on, or was when it was deleted; of an attachment what was attached.
  data jsonb not null,
  created_at timestamptz not null default now(),
  -- Of its delivery, where there is a receiver.
  delivered_at timestamptz,
  attempts integer not null default 0,
  due timestamptz not null default now(),
  failure text
);

create index media_event_medium on mediaferry.media_event (media_id, id);
create index media_event_open on mediaferry.media_event (id) where delivered_at is null;
create index media_event_created on mediaferry.media_event (created_at);

-- The states, in one place for every writer.
create function mediaferry.media_changing() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.status not in ('PENDING', 'UPLOADED', 'READY') then
      raise exception 'no medium begins as %', new.status using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if new.id <> old.id then
    raise exception 'the id of a medium stays' using errcode = 'check_violation';
  end if;
  if new.status <> old.status then
    if old.status || ' ' || new.status not in (
      'PENDING UPLOADED', 'PENDING FAILED',
      'UPLOADED PROCESSING', 'UPLOADED READY', 'UPLOADED FAILED',
      'PROCESSING READY', 'PROCESSING FAILED',
      'FAILED UPLOADED') then
      raise exception 'a medium that is % cannot become %', old.status, new.status using errcode = 'check_violation';
    end if;
    new.status_since := now();
  end if;
  if new.* is distinct from old.* then
    new.updated_at := now();
  end if;
  return new;
end $$;

create trigger media_changing before insert or update on mediaferry.media
  for each row execute function mediaferry.media_changing();

create function mediaferry.media_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'updated_at' - 'unattached_since' = to_jsonb(old) - 'updated_at' - 'unattached_since' then
    return null;
  end if;
  insert into mediaferry.media_event (media_id, user_id, kind, data)
  values (new.id, new.user_id,
    case when tg_op = 'UPDATE' and new.status = old.status then 'media.changed'
         when new.status = 'PENDING' then 'media.created'
         else 'media.' || lower(new.status) end,
    to_jsonb(new));
  return null;
end $$;

create trigger media_changed after insert or update on mediaferry.media
  for each row execute function mediaferry.media_changed();

-- However a medium is deleted, its tombstone says what lies in the bucket. Before the row goes, since its session goes with it.
create function mediaferry.media_deleting() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into mediaferry.media_deleted (media_id, user_id, media_type, status, storage_key, bucket, cdn_url, file_size, sha256,
    etag, incoming_key, upload_id)
  select old.id, old.user_id, old.media_type, old.status, old.storage_key, old.bucket, old.cdn_url, old.file_size, old.sha256,
    old.etag, s.incoming_key, s.upload_id
  from (values (1)) as one left join mediaferry.upload_session s on s.media_id = old.id;
  insert into mediaferry.media_event (media_id, user_id, kind, data)
  values (old.id, old.user_id, 'media.deleted', to_jsonb(old) || jsonb_build_object('urls', to_jsonb(array_remove(
    array[old.cdn_url, old.thumbnail_url], null))));
  return old;
end $$;

create trigger media_deleting before delete on mediaferry.media
  for each row execute function mediaferry.media_deleting();

create function mediaferry.media_attaching() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  attachment mediaferry.media_attachment;
  whose text;
begin
  if tg_op = 'DELETE' then
    attachment := old;
  else
    attachment := new;
    if tg_op = 'UPDATE' and new.* is not distinct from old.* then
      return null;
    end if;
  end if;
  update mediaferry.media set unattached_since = case when tg_op = 'DELETE' then now() end
  where id = attachment.media_id returning user_id into whose;
  -- No medium, no event: its attachment goes with it.
  if found then
    insert into mediaferry.media_event (media_id, user_id, kind, data)
    values (attachment.media_id, whose,
      case tg_op when 'INSERT' then 'media.attached' when 'DELETE' then 'media.detached' else 'media.moved' end,
      jsonb_build_object('ownerType', attachment.owner_type, 'ownerId', attachment.owner_id, 'position', attachment.position));
  end if;
  return null;
end $$;

create trigger media_attaching after insert or update or delete on mediaferry.media_attachment
  for each row execute function mediaferry.media_attaching();

-- Which table refers to a medium by a foreign key, or null. A table that may not be read, or not all of
-- it, counts as one that does. Takes a new snapshot with each call, so what is locked before is seen as it is.
create function mediaferry.media_referenced(medium uuid) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp set row_security = off as $$
declare
  media pg_class := (select c from pg_class c where c.reltype = pg_typeof(null::mediaferry.media));
  reference record;
  there boolean;
begin
  for reference in
    select c.conrelid::regclass::text as place, a.attname as name
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_class t on t.oid = c.conrelid
    where c.contype = 'f' and c.confrelid = media.oid and c.conparentid = 0 and t.relnamespace <> media.relnamespace
  loop
    begin
      execute format('select exists (select from %s where %I = $1)', reference.place, reference.name) into there using medium;
    exception when insufficient_privilege then
      there := true;
    end;
    if there then
      return reference.place;
    end if;
  end loop;
  return null;
end $$;

-- For applications. $1 and $2 are the owner, $3 the user whose media these are, $4 the media, which come in this order after
-- those that the owner has; what it has already stays where it is. SQLSTATE P0002: not there, or another user's; 55000: not
-- uploaded yet, or failed; 23505: attached to another owner; 22023: nonsense.
create function mediaferry.attach(type text, id text, user_id text, ids uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wrong text;
  last integer;
begin
  if coalesce($1, '') = '' or coalesce($2, '') = '' or $3 is null or $4 is null or array_position($4, null) is not null
    or array_ndims($4) > 1 or (select count(distinct o.medium) from unnest($4) as o (medium)) <> cardinality($4) then
    raise exception 'attach takes a type, an id, a user, and media, each once' using errcode = 'invalid_parameter_value';
  end if;
  -- In one order for all, so that no two wait for each other.
  perform from mediaferry.media m where m.id = any ($4) order by m.id for no key update;
  select string_agg(o.medium::text, ', ') into wrong from unnest($4) as o (medium)
  where not exists (select from mediaferry.media m where m.id = o.medium and m.user_id = $3);
  if wrong is not null then
    raise exception 'the user has no such media: %', wrong using errcode = 'no_data_found', detail = wrong;
  end if;
  select string_agg(m.id::text || ' is ' || m.status, ', ') into wrong from mediaferry.media m
  where m.id = any ($4) and m.status not in ('UPLOADED', 'PROCESSING', 'READY');
  if wrong is not null then
    raise exception 'media that cannot be attached: %', wrong
      using errcode = 'object_not_in_prerequisite_state', detail = wrong;
  end if;
  select string_agg(a.media_id::text, ', ') into wrong from mediaferry.media_attachment a
  where a.media_id = any ($4) and (a.owner_type, a.owner_id) <> ($1, $2);
  if wrong is not null then
    raise exception 'media that are attached elsewhere: %', wrong using errcode = 'unique_violation', detail = wrong;
  end if;
  select coalesce(max(a.position), -1) into last from mediaferry.media_attachment a where (a.owner_type, a.owner_id) = ($1, $2);
  insert into mediaferry.media_attachment (media_id, owner_type, owner_id, position)
  select o.medium, $1, $2, last + row_number() over (order by o.place)
  from unnest($4) with ordinality as o (medium, place)
  where not exists (select from mediaferry.media_attachment a where a.media_id = o.medium)
  order by o.place;
end $$;

-- The owner has no media any more. Returns how many it had.
create function mediaferry.detach(type text, id text) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  detached integer;
begin
  delete from mediaferry.media_attachment a where (a.owner_type, a.owner_id) = ($1, $2);
  get diagnostics detached = row_count;
  return detached;
end $$;

revoke all on function mediaferry.attach(text, text, text, uuid[]) from public;
revoke all on function mediaferry.detach(text, text) from public;

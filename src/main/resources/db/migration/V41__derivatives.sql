-- What is made from objects: thumbnails, posters, renditions. A derivative belongs to an object, whatever leads to that one.

-- Work, as transfers are: claimed by a worker, tried again, given up. One per object and group of derivatives that are made together.
create table mediaferry.derive_job (
  id bigint generated always as identity primary key,
  -- Whose definition it follows: an entry of the registry, or, for uploads, the type of the medium.
  entry text,
  media_type text,
  -- The medium it was asked for; null where the entry makes none.
  media_id uuid,
  -- The object, as in transfer and media.
  bucket text,
  object_key text not null,
  content_type text,
  -- pictures: all sizes of a picture; poster: the same of a film; rendition: one rung, which part names.
  kind text not null,
  part text not null default '',
  -- Small ones first.
  priority integer not null,
  -- True for what a medium has to wait for until it is READY.
  required boolean not null,
  state text not null default 'waiting' check (state in ('waiting', 'claimed', 'done', 'dead')),
  -- True to make a new version of what is there, too.
  again boolean not null default false,
  -- Counted with the claim, so that one that kills its process has an end.
  attempts integer not null default 0,
  due timestamptz not null default now(),
  -- Who has it in hand, while claimed.
  worker integer,
  -- From 0 to 1, of what says so.
  progress real,
  failure text,
  message text,
  -- Who has asked for it last: a command that waits for it.
  request uuid,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  check (entry is not null or media_type is not null)
);

create unique index derive_job_of on mediaferry.derive_job (object_key, (coalesce(bucket, '')), kind, part);
create index derive_job_queue on mediaferry.derive_job (priority, due, id) where state = 'waiting';
create index derive_job_held on mediaferry.derive_job (worker) where state = 'claimed';
create index derive_job_dead on mediaferry.derive_job (id) where state = 'dead';
create index derive_job_request on mediaferry.derive_job (request) where request is not null;

create table mediaferry.derive_attempt (
  id bigint generated always as identity primary key,
  job bigint not null references mediaferry.derive_job (id) on delete cascade,
  number integer not null,
  ended timestamptz not null default now(),
  -- From claim to end.
  millis bigint,
  failure text not null,
  message text
);

create index derive_attempt_job on mediaferry.derive_attempt (job, id);

create table mediaferry.media_derivative (
  id bigint generated always as identity primary key,
  media_id uuid,
  bucket text,
  object_key text not null,
  -- thumbnail, optimized, poster, rendition, playlist, master
  kind text not null,
  -- The longest side of a picture, the height of a film; 0 for the size of the original.
  size integer not null default 0,
  format text not null,
  -- From 1; each lies under a key of its own.
  version integer not null default 1,
  -- Where it lies, in the bucket of the object. Null for what could not be made.
  storage_key text,
  cdn_url text,
  content_type text,
  -- How long a browser may keep it.
  cache_seconds integer not null default 0,
  width integer,
  height integer,
  bytes bigint,
  -- Bits per second.
  bitrate integer,
  sha256 text,
  etag text,
  state text not null check (state in ('ready', 'unavailable', 'failed')),
  -- Why it is not ready, for a person.
  message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((state = 'ready') = (storage_key is not null))
);

create unique index media_derivative_of on mediaferry.media_derivative (object_key, (coalesce(bucket, '')), kind, size, format);
create index media_derivative_key on mediaferry.media_derivative (storage_key) where storage_key is not null;

-- What belongs to one version of a derivative besides its own object, like the segments of a film.
create table mediaferry.media_derivative_part (
  derivative bigint not null references mediaferry.media_derivative (id) on delete cascade,
  version integer not null,
  storage_key text not null,
  bytes bigint not null,
  sha256 text,
  etag text,
  primary key (derivative, version, storage_key)
);

create index media_derivative_part_key on mediaferry.media_derivative_part (storage_key);

-- Objects that no derivative leads to any more: removed when nobody's cache has them any more.
create table mediaferry.derivative_removal (
  id bigint generated always as identity primary key,
  bucket text,
  storage_key text not null,
  sha256 text,
  etag text,
  due timestamptz not null default now(),
  settled_at timestamptz,
  -- Why it stays in the bucket.
  kept text
);

create index derivative_removal_open on mediaferry.derivative_removal (due, id) where settled_at is null;
create index derivative_removal_settled on mediaferry.derivative_removal (settled_at) where settled_at is not null;

-- However a derivative goes or gives way to a new version, what lies in the bucket is written down before.
create function mediaferry.derivative_leaving() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  due timestamptz := case when tg_op = 'DELETE' then now() else now() + make_interval(secs => least(old.cache_seconds, 30 * 86400)) end;
begin
  if tg_op = 'UPDATE' and new.storage_key is not distinct from old.storage_key then
    return new;
  end if;
  insert into mediaferry.derivative_removal (bucket, storage_key, sha256, etag, due)
  select old.bucket, old.storage_key, old.sha256, old.etag, due where old.storage_key is not null;
  with gone as (
    delete from mediaferry.media_derivative_part p where p.derivative = old.id and p.version = old.version
    returning p.storage_key, p.sha256, p.etag
  )
  insert into mediaferry.derivative_removal (bucket, storage_key, sha256, etag, due)
  select old.bucket, g.storage_key, g.sha256, g.etag, due from gone g;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger derivative_leaving before update or delete on mediaferry.media_derivative
  for each row execute function mediaferry.derivative_leaving();

-- Derivatives go with their object.
create function mediaferry.derivatives_dropping() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  key text := case tg_table_name when 'transfer' then to_jsonb(new) ->> 'object_key' else to_jsonb(new) ->> 'storage_key' end;
begin
  delete from mediaferry.derive_job j where j.object_key = key and j.bucket is not distinct from new.bucket;
  delete from mediaferry.media_derivative d where d.object_key = key and d.bucket is not distinct from new.bucket;
  return null;
end $$;

create trigger derivatives_dropping after update of object_state on mediaferry.transfer
  for each row when (new.object_state = 'removed' and old.object_state <> 'removed')
  execute function mediaferry.derivatives_dropping();

create trigger derivatives_dropping after update of settled_at on mediaferry.media_deleted
  for each row when (old.settled_at is null and new.settled_at is not null and new.kept is null)
  execute function mediaferry.derivatives_dropping();

-- A medium is READY when nothing is left that it has to wait for. What could not be made fails an upload; what an entry has moved is
-- shown by its application anyway. At the end of the transaction, so that it is the last that is heard of the medium.
create function mediaferry.derive_ended() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  dead mediaferry.derive_job;
begin
  -- Jobs of one object that end together come one after the other here, and the last one sees that it is.
  perform from mediaferry.media m
  where m.storage_key = new.object_key and m.bucket is not distinct from new.bucket and m.status in ('UPLOADED', 'PROCESSING')
  order by m.id for no key update;
  if not found or exists (select from mediaferry.derive_job j
      where j.object_key = new.object_key and j.bucket is not distinct from new.bucket and j.required
        and j.state in ('waiting', 'claimed')) then
    return null;
  end if;
  select j.* into dead from mediaferry.derive_job j
  where j.object_key = new.object_key and j.bucket is not distinct from new.bucket and j.required and j.state = 'dead'
  order by j.id limit 1;
  if dead.id is not null then
    update mediaferry.media m set status = 'FAILED', failure = dead.failure, message = dead.message
    where m.storage_key = new.object_key and m.bucket is not distinct from new.bucket and m.status in ('UPLOADED', 'PROCESSING')
      and m.origin = 'session';
  end if;
  update mediaferry.media m set status = 'READY'
  where m.storage_key = new.object_key and m.bucket is not distinct from new.bucket and m.status in ('UPLOADED', 'PROCESSING');
  return null;
end $$;

create constraint trigger derive_ended after update of state on mediaferry.derive_job deferrable initially deferred
  for each row when (new.required and new.state in ('done', 'dead') and old.state is distinct from new.state)
  execute function mediaferry.derive_ended();

-- A CDN forgets derivatives with their medium.
create or replace function mediaferry.media_deleting() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into mediaferry.media_deleted (media_id, user_id, media_type, status, storage_key, bucket, cdn_url, file_size, sha256,
    etag, incoming_key, upload_id)
  select old.id, old.user_id, old.media_type, old.status, old.storage_key, old.bucket, old.cdn_url, old.file_size, old.sha256,
    old.etag, s.incoming_key, s.upload_id
  from (values (1)) as one left join mediaferry.upload_session s on s.media_id = old.id;
  insert into mediaferry.media_event (media_id, user_id, kind, data)
  values (old.id, old.user_id, 'media.deleted', to_jsonb(old) || jsonb_build_object('urls', (
    select coalesce(jsonb_agg(distinct u.url), '[]') from (
      select unnest(array[old.cdn_url, old.thumbnail_url]) as url
      union all
      select d.cdn_url from mediaferry.media_derivative d
      where d.object_key = old.storage_key and d.bucket is not distinct from old.bucket) as u
    where u.url is not null)));
  return old;
end $$;

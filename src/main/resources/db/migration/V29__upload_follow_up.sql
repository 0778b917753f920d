-- Uploads that nobody reports are looked for: when next, and when that was last done.
alter table mediaferry.upload_session
  add look_at timestamptz not null default now(),
  add looked_at timestamptz;

create index upload_session_look on mediaferry.upload_session (look_at);

-- Who hears of events. A row for each that is configured: what happens from then on is delivered.
create table mediaferry.delivery_target (
  name text primary key check (name in ('webhook', 'purge')),
  since timestamptz not null default now()
);

-- Events that are to be delivered, or were, while events themselves stay for the audit.
create table mediaferry.media_delivery (
  id bigint generated always as identity primary key,
  target text not null,
  event_id bigint not null references mediaferry.media_event (id) on delete cascade,
  media_id uuid not null,
  state text not null default 'open' check (state in ('open', 'delivered', 'dead')),
  attempts integer not null default 0,
  due timestamptz not null default now(),
  -- A process delivers it, and has it until then.
  lease_until timestamptz,
  -- What the last attempt met.
  failure text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (event_id, target)
);

create index media_delivery_due on mediaferry.media_delivery (target, due) where state = 'open';
create index media_delivery_medium on mediaferry.media_delivery (target, media_id, event_id) where state = 'open';
create index media_delivery_ended on mediaferry.media_delivery (ended_at) where state <> 'open';

drop index mediaferry.media_event_open;
alter table mediaferry.media_event drop delivered_at, drop attempts, drop due, drop failure;

create function mediaferry.media_delivering() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into mediaferry.media_delivery (target, event_id, media_id)
  select t.name, new.id, new.media_id from mediaferry.delivery_target t where t.name = 'webhook';
  return null;
end $$;

create trigger media_delivering after insert on mediaferry.media_event
  for each row when (new.kind in ('media.uploaded', 'media.ready', 'media.failed', 'media.attached', 'media.deleted'))
  execute function mediaferry.media_delivering();

-- A CDN forgets an object once it is gone from the bucket: before, it would only fetch it again.
create function mediaferry.media_purging() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into mediaferry.media_delivery (target, event_id, media_id)
  select t.name, e.id, new.media_id
  from mediaferry.delivery_target t
  join mediaferry.media_event e on e.media_id = new.media_id and e.kind = 'media.deleted'
  where t.name = 'purge' and jsonb_array_length(e.data -> 'urls') > 0
  on conflict (event_id, target) do nothing;
  return null;
end $$;

create trigger media_purging after update on mediaferry.media_deleted
  for each row when (old.settled_at is null and new.settled_at is not null and new.kept is null)
  execute function mediaferry.media_purging();

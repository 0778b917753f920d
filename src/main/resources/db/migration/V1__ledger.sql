-- The ledger: one row per transfer, written before and after every step that cannot be undone.

-- One row per process that works here. It is alive while it holds the advisory lock (advisory_space, id) on a session of
-- its own; the lease is the fallback where such locks do not survive, and is renewed while the process lives.
create table worker (
  id integer generated always as identity primary key,
  host text not null,
  pid bigint not null,
  started timestamptz not null default now(),
  lease_until timestamptz not null
);

create table run (
  id bigint generated always as identity primary key,
  kind text not null,
  worker integer not null,
  started timestamptz not null default now(),
  finished timestamptz,
  -- True when its process died, or was stopped before it was done.
  interrupted boolean not null default false,
  options jsonb not null,
  report jsonb
);

create table transfer (
  id bigint generated always as identity primary key,
  -- The run that last claimed it. No foreign key: checking it row by row would cost a tenth of the claims' speed.
  run bigint,
  -- The registry entry, like Table.column, and the row's id as text.
  entry text not null,
  row_key text not null,
  -- The exact old value of the pointer, and what is requested when that is not the very same text.
  source text not null,
  link text,
  host text not null,
  -- Until when the link works, as far as it says.
  deadline timestamptz,
  state text not null check (state in ('waiting', 'claimed', 'linked', 'superseded', 'dead', 'rolled_back')),
  attempts integer not null default 0,
  -- Not before this time; for rows that wait.
  due timestamptz not null default now(),
  failure text,
  message text,
  -- {ext} and {sha256} stand in it until the bytes are known.
  object_key text not null,
  -- True when equal bytes share the key, so that other rows may own the object too.
  shared boolean not null default false,
  -- unknown: a put was under way when its process died, or its answer got lost.
  object_state text not null default 'none'
    check (object_state in ('none', 'unknown', 'present', 'removing', 'removed')),
  sha256 text,
  bytes bigint,
  content_type text,
  etag text,
  -- The exact new value of the pointer.
  target text,
  -- Who has it in hand, while claimed.
  worker integer,
  created timestamptz not null default now(),
  updated timestamptz not null default now()
);

-- A row's link is under way once. What has ended may come again: a user who puts the old link back gets a new transfer.
create unique index transfer_open on transfer (entry, row_key, md5(source))
  where state in ('waiting', 'claimed', 'dead', 'rolled_back');

-- The queue: nearest deadline first, host by host.
create index transfer_queue on transfer (entry, host, deadline, id) where state = 'waiting';

create index transfer_held on transfer (worker) where state = 'claimed';
create index transfer_run on transfer (run) where run is not null;
create index transfer_dead on transfer (entry, failure) where state = 'dead';
create index transfer_shared on transfer (object_key) where shared;

-- Objects that no pointer will ever lead to.
create index transfer_litter on transfer (id)
  where state = 'superseded' and object_state in ('unknown', 'present', 'removing');

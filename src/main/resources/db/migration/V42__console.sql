-- How far a run is, written down by its process every second; null before it has begun to move anything.
alter table mediaferry.run add column progress jsonb;

-- What somebody has done in a console, or by what else acts like one. A row is written before the act begins.
create table mediaferry.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- Who, as they have logged in, and the address that they came from.
  who text not null,
  origin text not null,
  -- What, like discard-dead-letters, and of what.
  act text not null,
  subject jsonb not null,
  -- Null while it goes on, and when its process died meanwhile.
  ended timestamptz,
  -- What became of it: counts; or what refused it, in words.
  outcome jsonb,
  failure text
);

-- What an operator wants of single hosts and entries. Every process reads it each second; no row: no wish.
create table mediaferry.standing_order (
  -- host or entry
  kind text not null check (kind in ('host', 'entry')),
  name text not null,
  -- Nobody asks the host; no rows of the entry are claimed.
  paused boolean not null,
  -- Requests per second to a host, at most; null for no wish.
  rate double precision check (rate > 0),
  who text not null,
  at timestamptz not null default now(),
  primary key (kind, name)
);

-- Dead letters page by page, the newest, and how they have failed alike.
create index transfer_dead_ids on mediaferry.transfer (id) where state = 'dead';
create index transfer_dead_newest on mediaferry.transfer (updated desc, id desc) where state = 'dead';
create index transfer_dead_alike on mediaferry.transfer (failure, host, entry, updated) where state = 'dead';

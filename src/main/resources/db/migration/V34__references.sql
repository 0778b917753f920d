-- How columns that name media change their shape. The database's catalogue says how far one is; here stands what was done, when,
-- and what has to be known to undo it.
create table mediaferry.reference (
  -- A name of the registry.
  name text primary key,
  definition jsonb not null,
  -- Of what its statements are made of: an entry that has another one in mid-course is refused.
  sha256 text not null,
  state text not null default 'planned'
    check (state in ('planned', 'expanded', 'filled', 'proved', 'retired', 'finished')),
  since timestamptz not null default now(),
  -- The last row that a pass of the backfill has looked at; null at its beginning.
  cursor text,
  pages bigint not null default 0,
  filled bigint not null default 0,
  paused boolean not null default false,
  -- Percent of the time that the backfill may be at work.
  share integer not null default 50 check (share between 1 and 100),
  -- What verify has found, and when.
  proof jsonb,
  proved timestamptz,
  -- Since when the use of the old side counts, and what the counters said then.
  soak_from timestamptz,
  soak_base jsonb,
  -- When a contract ends by itself; null for one that stays.
  until timestamptz,
  -- What finish has written into the bucket: key, SHA-256, rows.
  dump jsonb
);

create table mediaferry.reference_step (
  id bigint generated always as identity primary key,
  reference text not null,
  step text not null,
  statement text not null,
  lock text,
  attempts integer not null default 0,
  -- Until the statement began, and for how long it held its lock.
  waited_ms bigint,
  held_ms bigint,
  started timestamptz not null default now(),
  finished timestamptz,
  error text,
  -- Who was in the way last.
  blocked_by jsonb
);

create index reference_step_of on mediaferry.reference_step (reference, id);

-- Values that do not follow from the new side: those that were no exact match, that nothing matched, or too much.
create table mediaferry.reference_row (
  reference text not null,
  row_key text not null,
  kind text not null,
  old_value text,
  new_value text,
  candidates text[],
  primary key (reference, row_key)
);

-- Who was seen to use the old side.
create table mediaferry.reference_use (
  reference text not null,
  side text not null,
  role text not null default '',
  application text not null default '',
  query_id bigint not null default 0,
  calls bigint not null default 0,
  seen timestamptz not null default now(),
  primary key (reference, side, role, application, query_id)
);

-- The database that the ledger's id was made in, so that a copy of it is noticed; written at the next start.
alter table ledger add column database text;

-- kept: its turn to be deleted had come, but it is not ours, not what was stored, or in use. Checked for new rows only.
alter table transfer
  drop constraint transfer_object_state_check,
  add constraint transfer_object_state_check check (
    object_state in ('none', 'unknown', 'present', 'removing', 'removed', 'kept')) not valid;

-- Where objects are: one row per bucket of a store, written when it is used for the first time.
create table store (
  id integer generated always as identity primary key,
  -- What transfer.bucket says; null for the configured bucket of the first start.
  name text unique,
  -- Null on AWS.
  endpoint text,
  region text not null,
  path_style boolean not null,
  bucket text not null,
  first_seen timestamptz not null default now(),
  -- When it became the configured one, for the last time.
  chosen timestamptz
);

create unique index store_first on store ((name is null)) where name is null;

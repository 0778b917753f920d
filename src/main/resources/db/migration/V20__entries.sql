-- Where the tables of the entries were found: a table of the same name in another schema is another application's.
create table mediaferry.entry (
  name text primary key,
  table_schema text not null,
  table_name text not null
);

-- The registries that work with this ledger: one, as a rule, and those that it was before it was edited.
create table mediaferry.registry (
  -- SHA-256 of the entries and their tables.
  fingerprint text primary key,
  entries text[] not null,
  host text not null,
  seen timestamptz not null default now()
);

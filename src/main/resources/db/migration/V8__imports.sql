-- Files of a backup become objects and records. No column of these has a default, so that adding them rewrites nothing.
alter table transfer
  -- Parts of the path and new ids, by name.
  add column details jsonb,
  -- The part whose files have one first record.
  add column first_of text,
  -- The record that was inserted: its id as text, and as it was inserted.
  add column record_id text,
  add column record jsonb;

create index transfer_first on transfer (entry, first_of, row_key collate "C") where first_of is not null;
create index transfer_import_key on transfer (object_key) where details is not null;

-- What lies in a folder that is just being imported. Each process has one such list; those of dead ones are thrown away.
create unlogged table inventory (
  worker integer not null,
  id bigint generated always as identity,
  path text not null,
  bytes bigint not null,
  -- As told by the bytes.
  type text not null,
  -- The category, as the ledger calls it; null when no pattern fits.
  entry text,
  details jsonb,
  first_of text,
  object_key text,
  -- Why it is left out; null for what is to be imported.
  reason text,
  primary key (worker, id)
);

create index inventory_entry on inventory (worker, entry, id);
create index inventory_key on inventory (worker, object_key);

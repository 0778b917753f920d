-- What fields, imports and archives move may become media as well.
alter table mediaferry.transfer
  -- The medium that was inserted with its pointer; it may be gone since.
  add column medium uuid;

alter table mediaferry.media
  -- When somebody was last sent to its object; null for never.
  add column if not exists last_fetched timestamptz,
  -- Of its object, where that was moved to a colder one; null for the one that objects are stored in.
  add column storage_class text,
  -- When the store was asked to bring it back.
  add column restore_asked timestamptz;

-- A new id of version 7 (RFC 9562, 5.7), for media that a statement inserts.
create function mediaferry.media_id() returns uuid
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- A link as media keep it, and as they are found by it: without fragment and user information; and without its query where that
-- has a long value, which may be a signature that lets its reader in.
create function mediaferry.plain_link(link text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when bare ~ '[?&][^=&]*=[^&]{16}' then split_part(bare, '?', 1) else bare end
  from (select regexp_replace(split_part(btrim(link), '#', 1), '^(([a-zA-Z][a-zA-Z0-9+.-]*:)?//)[^/?@]*@', '\1') as bare) as l
$$;

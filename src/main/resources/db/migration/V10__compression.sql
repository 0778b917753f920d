-- What was compressed to the object; null for what is stored as it came. No default, so that adding them rewrites nothing.
alter table transfer
  add column original_bytes bigint,
  add column original_sha256 text;

-- The bucket that a file is to go to, as in transfer.
alter table inventory add column bucket text;

-- When the old link of a moved row was given up, so that nothing can be put back. The row still says whose the object is.
alter table transfer
  add column pruned timestamptz,
  -- A rollback marks its row in the statement that writes the old value: none gets past this. New rows only, so nothing is read.
  add constraint transfer_pruned check (pruned is null or state = 'linked') not valid;

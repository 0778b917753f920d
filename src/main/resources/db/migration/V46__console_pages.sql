-- The beginning of what a server sent in the last attempt, when that is a picture; null for anything else.
alter table mediaferry.attempt add column answer bytea;

-- The newest dead letters of one kind, or of one entry.
create index transfer_dead_kind on mediaferry.transfer (failure, updated desc, id desc) where state = 'dead';
create index transfer_dead_entry on mediaferry.transfer (entry, updated desc, id desc) where state = 'dead';

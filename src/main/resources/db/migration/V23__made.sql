-- When the record of a row was made, as its table says; null where the registry names no column that tells.
alter table mediaferry.transfer add column made timestamptz;

-- Rows come in the order of time, so this stays small however many there are.
create index transfer_created on mediaferry.transfer using brin (created);

-- The run that follows a plan and has found this row in it: it claims no others.
alter table transfer add column chosen bigint;

create index transfer_chosen on transfer (chosen, entry, host, deadline, id) where state = 'waiting' and chosen is not null;

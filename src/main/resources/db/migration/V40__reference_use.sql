-- What a user of the old side has said; calls of a statement are those that the server has counted, of a session those that were seen.
alter table mediaferry.reference_use add column query text not null default '';

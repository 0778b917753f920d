-- The process that acts, which may end before the act does; null for a command's.
alter table mediaferry.audit add column worker integer;

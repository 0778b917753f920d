-- The bucket that an object lies in, by the name that the store knows it by; null for the configured one.
alter table transfer add column bucket text;

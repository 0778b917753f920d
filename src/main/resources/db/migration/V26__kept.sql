-- Why a picture is stored as it is although its category compresses; null where that is not known beforehand.
alter table mediaferry.inventory add column kept text;

-- The transfers of a row whose bytes others may share, as the files of archives are, are found by it.
create index transfer_archived on mediaferry.transfer (entry, row_key) where shared and state = 'linked';

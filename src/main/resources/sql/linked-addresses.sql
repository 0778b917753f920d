-- Addresses that rows lead to, in the order of their transfers.
select id, entry, row_key, target, bytes from mediaferry.transfer
where entry = any (:#entries::text[]) and state = 'linked' and object_state in ('present', 'foreign') and id > :#after
order by id limit :#most

select id, entry, row_key, host, deadline from mediaferry.transfer
where state = 'waiting' and deadline > now()
order by deadline, id limit :#most

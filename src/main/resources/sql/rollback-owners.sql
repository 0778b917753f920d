-- Whoever else leads to an object, or may take it over.
select distinct s.object_key from unnest(:#objectKeys::text[]) as s (object_key)
join mediaferry.transfer o on o.object_key = s.object_key
where o.state in ('claimed', 'linked') or (o.state in ('waiting', 'dead') and o.object_state in ('present', 'unknown'))

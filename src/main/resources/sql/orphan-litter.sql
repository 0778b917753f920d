-- Orphans become the objects of superseded transfers, as which the sweep removes them under its protection.
insert into mediaferry.transfer (entry, row_key, source, host, state, object_key, bucket, shared, object_state)
select '(orphan)', '', '', '', 'superseded', o.object_key, :bucket::text, true, 'present'
from unnest(:objectKeys::text[]) as o (object_key)
returning id

-- Orphans become the objects of superseded transfers, as which the sweep removes them under its protection.
insert into mediaferry.transfer (entry, row_key, source, host, state, object_key, bucket, shared, object_state, etag)
select '(orphan)', '', '', '', 'superseded', o.object_key, :bucket::text, true, 'present', o.etag
from unnest(:objectKeys::text[], :etags::text[]) as o (object_key, etag)
returning id

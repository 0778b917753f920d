insert into mediaferry.inventory (worker, path, bytes, type, entry, details, first_of, object_key, bucket, reason, kept)
select :#worker, f.path, f.bytes, f.type, f.entry, f.details::jsonb, f.first_of, f.object_key, f.bucket, f.reason, f.kept
from unnest(:#paths::text[], :#sizes::bigint[], :#types::text[], :#entries::text[], :#details::text[], :#firstOfs::text[],
    :#objectKeys::text[], :#buckets::text[], :#reasons::text[], :#kepts::text[])
  as f (path, bytes, type, entry, details, first_of, object_key, bucket, reason, kept)

-- Bytes that are held, with one row each as an example. The message of a dead letter is the only place that names them.
with held as (
  select id, entry, row_key, host, coalesce(link, source) as url, updated,
    substring(message from 'sha256 ([0-9a-f]{64})') as sha256
  from mediaferry.transfer where state = 'dead' and failure = 'placeholder-suspected'
)
select host, sha256, count(*) as rows, min(updated) as since, (array_agg(entry order by id))[1] as entry,
  (array_agg(row_key order by id))[1] as row_key, (array_agg(url order by id))[1] as url, min(id) as letter
from held where sha256 is not null group by host, sha256 order by rows desc, host, sha256

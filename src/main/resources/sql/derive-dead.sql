select j.id, coalesce(j.entry, j.media_type) as origin, j.object_key, j.kind, j.part, j.failure, j.message,
  array(select a.number || ': ' || a.failure || coalesce(': ' || a.message, '') from mediaferry.derive_attempt a
    where a.job = j.id order by a.id) as attempts
from mediaferry.derive_job j where j.state = 'dead' order by j.id limit :#limit

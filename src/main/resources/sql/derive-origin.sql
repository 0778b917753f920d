select coalesce((select t.entry from mediaferry.transfer t where t.medium = m.id and t.state = 'linked' order by t.id desc limit 1), m.media_type)
from mediaferry.media m where m.id = :#id::uuid

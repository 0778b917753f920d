-- Media of a link: those that had it, and those whose object a transfer of it has stored.
select m.*, a.owner_type, a.owner_id, s.begun is not null as begun
from mediaferry.media m
left join mediaferry.media_attachment a on a.media_id = m.id
left join mediaferry.upload_session s on s.media_id = m.id
where m.id in (
  select o.id from mediaferry.media o where md5(o.original_url) = md5(:#url) and o.original_url = :#url
  union all
  select o.id from mediaferry.media o
  where md5(o.original_url) = md5(mediaferry.plain_link(:#url)) and o.original_url = mediaferry.plain_link(:#url)
  union all
  select o.id from mediaferry.transfer t
  join mediaferry.media o on o.storage_key = t.object_key and o.bucket is not distinct from t.bucket
  where t.state = 'linked' and md5(t.source) = md5(:#url) and t.source = :#url)
order by m.id desc limit 1000

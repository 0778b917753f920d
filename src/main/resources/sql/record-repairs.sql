-- Links that answered only after they were mended are requested that way from now on; and what was noted of a picture.
update mediaferry.transfer t
set link = r.link, repairs = concat_ws(',', t.repairs, r.repair), updated = now()
from unnest(:#ids::bigint[], :#links::text[], :#repairs::text[]) as r (id, link, repair)
where t.id = r.id and t.worker = :#worker and t.state = 'claimed'
  and (t.link is distinct from r.link or position(r.repair in coalesce(t.repairs, '')) = 0)

update mediaferry.media_attachment a set position = o.place - 1
from unnest(:#media::uuid[]) with ordinality as o (medium, place)
where a.media_id = o.medium and a.owner_type = :#ownerType and a.owner_id = :#ownerId

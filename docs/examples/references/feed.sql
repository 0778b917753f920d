select p.id, p.content, p.like_count, s.file_key
from posts p left join storage s on s.id = p.image_id
where p.organization_id = 'org1'
order by p.created_at desc
limit 20;

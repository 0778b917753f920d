-- How many uploads a user has open, and in how many seconds the first of them ends by itself.
select count(*) as open, coalesce(ceil(extract(epoch from min(s.expires_at) - now())), 0)::bigint as seconds
from mediaferry.media m join mediaferry.upload_session s on s.media_id = m.id
where m.user_id = :#userId and m.status = 'PENDING' and s.expires_at > now()

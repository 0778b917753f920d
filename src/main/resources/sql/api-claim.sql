-- Reserves a key of a user. It is free when nobody has used it for a day, or when who answers it has died meanwhile.
insert into mediaferry.api_answer as a (user_id, key, request, claim, leased_until)
values (:#userId, :#key, :#request, :#claim::uuid, now() + :#seconds::integer * interval '1 second')
on conflict (user_id, key) do update
set request = excluded.request, claim = excluded.claim, leased_until = excluded.leased_until, created_at = now(), status = null,
  content_type = null, body = null
where a.created_at < now() - interval '24 hours'
  or (a.status is null and a.leased_until < now() and a.request = excluded.request)

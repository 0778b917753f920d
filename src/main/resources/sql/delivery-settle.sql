update mediaferry.media_delivery
set state = :#state, failure = :#failure::text, lease_until = null, due = now() + :#seconds::bigint * interval '1 second',
  ended_at = case when :#state <> 'open' then now() end
where id = :#id and attempts = :#attempts and state = 'open'

insert into mediaferry.standing_order (kind, name, paused, rate, who)
values (:#kind, :#name, :#paused, :#rate::double precision, :#who)
on conflict (kind, name) do update set paused = excluded.paused, rate = excluded.rate, who = excluded.who, at = now()

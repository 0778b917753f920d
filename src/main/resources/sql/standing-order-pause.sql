-- What is wanted of its rate stays, whoever has said so meanwhile.
insert into mediaferry.standing_order (kind, name, paused, who) values (:#kind, :#name, :#paused, :#who)
on conflict (kind, name) do update set paused = excluded.paused, who = excluded.who, at = now()

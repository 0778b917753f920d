-- Whether it is paused stays, whoever has said so meanwhile.
insert into mediaferry.standing_order (kind, name, paused, rate, who)
values (:#kind, :#name, false, :#rate::double precision, :#who)
on conflict (kind, name) do update set rate = excluded.rate, who = excluded.who, at = now()

insert into mediaferry.audit (who, origin, act, subject, worker)
values (:#who, :#origin, :#act, :#subject::jsonb, :#worker::integer) returning id

insert into mediaferry.audit (who, origin, act, subject) values (:#who, :#origin, :#act, :#subject::jsonb) returning id

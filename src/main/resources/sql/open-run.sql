insert into mediaferry.run (kind, worker, options) values (:#kind, :#worker, :#options::jsonb) returning id

insert into mediaferry.run (kind, worker, options) values ('migrate', :#worker, :#options::jsonb) returning id

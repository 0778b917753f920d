select reason, count(*) as rows from mediaferry.inventory
where worker = :#worker and entry = :#entry and reason is not null group by 1

delete from mediaferry.inventory where worker = :#worker or worker not in (select id from mediaferry.worker)

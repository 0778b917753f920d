-- Asked every second while a page is open, so it reads a few rows by their keys and nothing else.
select
  (select string_agg(concat_ws(' ', id, started, finished, interrupted, progress), ';' order by id)
   from (select * from mediaferry.run order by id desc limit 20) as newest) as runs,
  concat_ws(' ', (select max(updated) from mediaferry.host_pace),
    (select string_agg(concat_ws(' ', name, paused, rate, at), ';' order by kind, name) from mediaferry.standing_order)) as hosts,
  (select string_agg(concat_ws(' ', id, ended, outcome), ';' order by id)
   from (select * from mediaferry.audit order by id desc limit 10) as newest) as acts

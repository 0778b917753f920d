-- Jumps to the next dead letter on either side instead of sorting all.
select id from (
  (select id from mediaferry.transfer where state = 'dead' and id > :#id order by id limit 1)
  union all
  (select id from mediaferry.transfer where state = 'dead' and id < :#id order by id desc limit 1)) as near
order by abs(id - :#id) limit 1

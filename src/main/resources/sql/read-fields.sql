-- Fields that one of the last runs has searched to the end: what is to be moved of them is in the queue.
select distinct f ->> 'field' as field
from (
  select report from mediaferry.run
  where kind = 'migrate' and finished is not null and not interrupted and not jsonb_exists(options, 'plan') and options ->> 'force' = 'false'
    and report ->> 'refusal' is null
  order by id desc limit 100) as r
cross join jsonb_array_elements(r.report -> 'fields') as f
where f ->> 'suspended' = 'false' and f ->> 'failure' is null

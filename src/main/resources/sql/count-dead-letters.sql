select entry, count(*) as letters
from mediaferry.transfer
where state = 'dead' and (:#ids::bigint[] is null or id = any (:#ids::bigint[]))
  and (:#entry::text is null or entry = :#entry::text) and (:#failure::text is null or failure = :#failure::text)
  and (:#host::text is null or host = :#host::text)
group by 1

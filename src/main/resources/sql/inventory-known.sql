-- What was imported before, or given up, is left alone; but a file that was missing is there again.
update mediaferry.inventory i
set reason = case
    when t.state = 'linked' and coalesce(t.original_bytes, t.bytes) = i.bytes then 'imported already'
    when t.state = 'linked' then 'imported already; the file has changed since'
    when t.state = 'dead' then 'a dead letter: ' || t.failure
    when t.state = 'rolled_back' then 'rolled back'
    else 'discarded' end
from mediaferry.transfer t
where i.worker = :#worker and i.reason is null and t.entry = i.entry and t.row_key = i.path
  and t.state in ('linked', 'dead', 'rolled_back', 'discarded')
  and (t.state <> 'dead' or t.failure is distinct from 'missing-file' or t.object_state <> 'none')

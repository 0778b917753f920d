-- Paths that an import is still to take, or may be asked to.
select distinct row_key from mediaferry.transfer
where details is not null and row_key = any (:#paths::text[]) and state in ('waiting', 'claimed', 'dead')

-- Transfers that objects name in their metadata and that are not this ledger's, although its id is: they belong to a copy of
-- it, which has gone on with the same numbers, or to none yet.
select o.object_key from unnest(:objectKeys::text[], :ids::bigint[]) as o (object_key, id)
left join mediaferry.transfer t on t.id = o.id
where not starts_with(o.object_key, split_part(t.object_key, '{', 1))
  or o.id > (select case when is_called then last_value else 0 end from mediaferry.transfer_id_seq)

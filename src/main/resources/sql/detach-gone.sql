-- Of the rows that are gone: what somebody gives to another row meanwhile has another owner when it is locked, and stays there.
delete from mediaferry.media_attachment a using unnest(:#ids::uuid[], :#ownerIds::text[]) as g (id, owner_id)
where a.media_id = g.id and a.owner_id = g.owner_id and a.owner_type = :#ownerType

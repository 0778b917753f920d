-- Multipart uploads under keys that end with the id of a medium, of which neither a session nor a deleted medium knows.
select u.id from unnest(:keys::text[], :ids::text[]) as u (key, id)
where not exists (select from mediaferry.upload_session s where s.incoming_key = u.key and s.upload_id = u.id)
  and not exists (select from mediaferry.media_deleted d
    where d.media_id = substring(u.key from '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')::uuid and d.upload_id = u.id)

-- Those of the store's multipart uploads that an upload or a tombstone has.
select u.id as upload_id from unnest(:#uploads::text[]) as u (id)
where exists (select from mediaferry.upload_session s where s.upload_id = u.id)
  or exists (select from mediaferry.media_deleted d where d.upload_id = u.id)

-- An object came under the key of a medium that was deleted meanwhile: its tombstone has to be settled again.
update mediaferry.media_deleted set settled_at = null, kept = null, etag = :#etag where media_id = :#id::uuid

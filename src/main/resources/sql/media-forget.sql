delete from mediaferry.media_deleted where settled_at < now() - interval '30 days'

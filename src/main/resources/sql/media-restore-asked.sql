update mediaferry.media set restore_asked = coalesce(restore_asked, now()) where id = :#id::uuid returning restore_asked

update mediaferry.derive_job set progress = :progress, updated = now() where id = :id and worker = :worker and state = 'claimed'

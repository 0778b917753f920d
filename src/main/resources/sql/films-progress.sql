-- How far a job is, while it is in the hands of who says so.
update mediaferry.derive_job
set progress = :#share, updated = now()
where id = :#id and worker = :#worker and state = 'claimed'

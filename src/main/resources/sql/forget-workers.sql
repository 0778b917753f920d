-- Processes that are no more: their advisory lock is free, or their lease has run out by the clock of the database. A claim that
-- is under way is waited for; from here on such a worker claims nothing. A statement of its own, so that the next one sees all.
delete from mediaferry.worker w
where w.id <> :#worker and (w.lease_until < now() or pg_try_advisory_xact_lock(:#space, w.id))

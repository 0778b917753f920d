-- These bytes are meant: they may be moved, and the dead letters that they made are tried again.
with accepted as (
  insert into mediaferry.accepted_content (host, sha256) values (:#host, :#sha256) on conflict do nothing
)
update mediaferry.transfer
set state = 'waiting', due = now(), attempts = 0, failure = null, message = null, updated = now()
where state = 'dead' and failure = 'placeholder-suspected' and host = :#host and message like '%sha256 ' || :#sha256 || '%'

-- These bytes are a stand-in: their dead letters are so for good.
update mediaferry.transfer set failure = 'placeholder', message = :#reason, updated = now()
where state = 'dead' and failure = 'placeholder-suspected' and (:#host::text is null or host = :#host::text)
  and message like '%sha256 ' || :#sha256 || '%'

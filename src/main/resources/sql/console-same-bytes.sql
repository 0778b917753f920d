-- One of the rows that were moved with these bytes before they were held: a run that held them has moved some first.
select t.id from mediaferry.transfer t
where t.state = 'linked' and t.host = :#host and t.sha256 = :#sha256
  and t.run in (select distinct run from mediaferry.transfer where state = 'dead' and failure = 'placeholder-suspected' and host = :#host)
limit 1

-- The picture that the last attempt got instead of a medium.
select answer from mediaferry.attempt where transfer = :#id and answer is not null order by id desc limit 1

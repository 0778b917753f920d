-- One transfer, as it is shown with its attempts.
select id, entry, row_key, state, failure, message, reason, source, link from mediaferry.transfer where id = :#id

-- An act that fails half way keeps what it has counted.
update mediaferry.audit set ended = now(), outcome = coalesce(:#outcome::jsonb, outcome), failure = :#failure::text where id = :#id

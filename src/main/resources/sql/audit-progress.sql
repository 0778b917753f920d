update mediaferry.audit set outcome = :#outcome::jsonb where id = :#id and ended is null

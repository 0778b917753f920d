update mediaferry.run set progress = :#document::jsonb where id = :#run and finished is null

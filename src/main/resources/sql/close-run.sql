update mediaferry.run set finished = now(), report = :#report::jsonb, interrupted = :#interrupted where id = :#run

select exists (select from mediaferry.attempt where transfer = :#id and answer is not null)

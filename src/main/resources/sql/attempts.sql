select number, ended, millis, failure, http_status, message, link from mediaferry.attempt where transfer = :#id order by id

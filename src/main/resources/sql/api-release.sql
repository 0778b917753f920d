delete from mediaferry.api_answer where user_id = :#userId and key = :#key and claim = :#claim::uuid and status is null

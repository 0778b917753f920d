update mediaferry.api_answer set status = :#status, content_type = :#contentType::text, body = :#body::text
where user_id = :#userId and key = :#key and claim = :#claim::uuid

select request, status, content_type, body from mediaferry.api_answer where user_id = :#userId and key = :#key

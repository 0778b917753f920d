select user_id, tier, media_type from mediaferry.upload_token where digest = :#digest and expires_at > now()

select exists (select from mediaferry.accepted_content where host = :#host and sha256 = :#sha256)

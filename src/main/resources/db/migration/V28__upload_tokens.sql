-- Uppy's Companion protocol carries no header: its address has a token in it, that says who uploads which type. Only its digest is
-- kept, so nobody who reads the ledger can upload with it.
create table mediaferry.upload_token (
  digest text primary key,
  user_id text not null,
  tier text,
  media_type text not null,
  expires_at timestamptz not null
);

create index upload_token_expiry on mediaferry.upload_token (expires_at);

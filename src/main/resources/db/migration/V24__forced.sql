alter table mediaferry.transfer
  -- True for a row that was ours and is moved again. No default, so that adding it rewrites nothing.
  add column forced boolean,
  -- The transfer that moved the row before, whose object goes when this one's has taken its place; null once that is done.
  add column replaces bigint;

create index transfer_replacing on mediaferry.transfer (replaces) where replaces is not null;

-- What was mended in a link that had been stored broken, comma-separated: blanks, no-scheme, html-escape, double-encoding,
-- https. The mended link stands in "link".
alter table transfer add column repairs text;

-- Bytes that many different links of a host may give, since an operator has said so.
create table accepted_content (
  host text not null,
  sha256 text not null,
  accepted timestamptz not null default now(),
  primary key (host, sha256)
);

create index transfer_suspected on transfer (host) where state = 'dead' and failure = 'placeholder-suspected';

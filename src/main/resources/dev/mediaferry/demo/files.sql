create table cached (
  id bigint primary key,
  md5_sum text not null,
  mime_type text not null,
  archive_url text,
  created_at timestamptz not null default now()
);
create table imported (
  id bigint generated always as identity primary key,
  object_key text not null,
  bytes bigint not null
);

-- The tables as the application of before has them.
create table storage (
  id text primary key,
  file_key text not null,
  organization_id text not null,
  created_at timestamptz not null default now()
);

create table posts (
  id text primary key,
  organization_id text not null,
  content text,
  image_key text,
  like_count integer not null default 0,
  created_at timestamptz not null default now()
);
create index posts_feed on posts (organization_id, created_at desc);

create table "user" (
  id text primary key,
  organization_id text not null,
  name text,
  image text,
  created_at timestamptz not null default now()
);

create table "CommentAnalysis" (
  id text primary key,
  "commentText" text,
  "avatarS3Url" text,
  "avatarS3Key" text,
  "createdAt" timestamptz not null default now()
);

create table "LinkedInPostPreview" (
  id text primary key,
  title text,
  "s3Key" text,
  "s3Url" text,
  "createdAt" timestamptz not null default now()
);

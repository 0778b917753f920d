create table "LinkedInProfile" (
  id text primary key,
  name text not null,
  "profilePic" text,
  "profilePictureUrl" text,
  "coverPictureUrl" text
);
create table "Comment" (
  id bigint primary key,
  author text not null,
  "authorAvatarUrl" text
);
create table "CommentAnalysis" (
  id uuid primary key,
  author text not null,
  "avatarUrl" text
);
create table "TargetProfile" (
  id text primary key,
  name text not null,
  "photoUrl" varchar(300)
);

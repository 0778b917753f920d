-- Buckets that a process leaves alone, since the store has refused one object after the other.
create table store_pause (
  worker integer not null,
  bucket text not null,
  since timestamptz not null,
  reason text not null,
  primary key (worker, bucket)
);

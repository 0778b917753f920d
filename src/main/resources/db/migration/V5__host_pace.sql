-- What was learnt of the hosts that are slowed down or shut out: one row each, gone when nothing is held against it any more.
create table host_pace (
  host text primary key,
  -- Requests per second, and at the same time. A null rate: any number.
  rate double precision,
  concurrency integer not null,
  -- Requests per second, and at the same time, at which the host complained last; 0 for never.
  rate_limit double precision not null,
  width double precision not null,
  -- Seconds of good answers since, and how many of them there have to be before more is tried.
  clean double precision not null,
  hold double precision not null,
  -- Complaints or failures without a good answer in between. From 2 on the circuit is open until retry_not_before, and then
  -- a single request finds out.
  strikes integer not null,
  retry_not_before timestamptz not null,
  updated timestamptz not null default now()
);

-- Every attempt that failed: when, what, and what the server answered. A success is told by the transfer itself.
create table attempt (
  id bigint generated always as identity primary key,
  transfer bigint not null references transfer (id) on delete cascade,
  -- Counted like transfer.attempts, which starts anew when an operator has a dead letter tried again.
  number integer not null,
  ended timestamptz not null default now(),
  -- From claim to end. Null for what happened before attempts were recorded.
  millis bigint,
  failure text not null,
  http_status integer,
  message text,
  -- What was requested, when that was not the pointer's very text.
  link text
);

create index attempt_transfer on attempt (transfer, id);

insert into attempt (transfer, number, ended, failure, message, link)
select id, attempts, updated, failure, message, link from transfer
where failure is not null and state in ('waiting', 'dead');

alter table transfer
  -- Why an operator discarded it.
  add column reason text,
  -- True when the field's resolver was asked for a fresh link, which link then holds if there is one.
  add column asked boolean not null default false,
  drop constraint transfer_state_check,
  -- Wider than the old one, so that the rows there are need no check.
  add constraint transfer_state_check check (
    state in ('waiting', 'claimed', 'linked', 'superseded', 'dead', 'rolled_back', 'discarded')) not valid;

-- A discarded link stays taken: it is not planned again.
drop index transfer_open;
create unique index transfer_open on transfer (entry, row_key, md5(source))
  where state in ('waiting', 'claimed', 'dead', 'rolled_back', 'discarded');

-- What such an attempt may have stored is removed like what is superseded.
drop index transfer_litter;
create index transfer_litter on transfer (id)
  where state in ('superseded', 'discarded') and object_state in ('unknown', 'present', 'removing');

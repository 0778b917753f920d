-- The ledger's own id, which every object carries that its transfers have stored: one row, written at the next start.
create table ledger (
  one boolean primary key default true check (one),
  id uuid not null,
  created timestamptz not null default now()
);

-- What was learnt of the hosts. The latest word counts, but none shortens how long others were asked to stay away: the answer
-- is how long that is, so that each process hears of what another was told.
with learnt as materialized (
  select * from unnest(:#hosts::text[], :#rates::float8[], :#concurrencies::int[], :#limits::float8[], :#widths::float8[],
      :#cleans::float8[], :#holds::float8[], :#strikes::int[], :#closed::float8[], :#free::boolean[])
    as l (host, rate, concurrency, rate_limit, width, clean, hold, strikes, closed, free)
), forgotten as (
  delete from mediaferry.host_pace p using learnt l where p.host = l.host and l.free
), written as (
  insert into mediaferry.host_pace as p
    (host, rate, concurrency, rate_limit, width, clean, hold, strikes, retry_not_before)
  select host, nullif(rate, 0), concurrency, rate_limit, width, clean, hold, strikes, now() + make_interval(secs => closed)
  from learnt where not free order by host
  on conflict (host) do update set rate = excluded.rate, concurrency = excluded.concurrency, rate_limit = excluded.rate_limit,
    width = excluded.width, clean = excluded.clean, hold = excluded.hold, strikes = excluded.strikes,
    retry_not_before = greatest(p.retry_not_before, excluded.retry_not_before), updated = now()
  returning host, retry_not_before
)
select host, greatest(0, extract(epoch from retry_not_before - now()))::double precision as closed_seconds from written

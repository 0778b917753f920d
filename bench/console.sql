-- A ledger of :transfers transfers of 200 runs, of which one in twenty is a dead letter with three attempts, and a tenth as many media.
-- Triggers would write an event for each medium.
set session_replication_role = replica;

insert into mediaferry.run (kind, worker, started, finished, options, report)
select 'migrate', 1, now() - make_interval(hours => 200 - n), now() - make_interval(hours => 200 - n) + interval '20 min', '{}',
  jsonb_build_object('found', :transfers / 200, 'migrated', :transfers / 200 - 300, 'waiting', 50, 'superseded', 0,
    'dead', jsonb_build_object('gone', 200, 'forbidden', 50), 'bytes', 5000000000, 'seconds', 1200.5,
    'fields', jsonb_build_array(jsonb_build_object('field', 'Photo.url', 'found', :transfers / 200, 'migrated', :transfers / 200 - 300)))
from generate_series(1, 200) n;

insert into mediaferry.transfer (run, entry, row_key, source, host, deadline, state, attempts, failure, message, object_key, object_state,
  sha256, bytes, content_type, target, updated)
select (select max(id) - 199 from mediaferry.run) + n * 200 / (:transfers + 1), 'Photo.url', 'row' || :transfers || '-' || n,
  'https://cdn' || n % 40 || '.example/pictures/' || md5(:transfers || '-' || n) || '.jpg', 'cdn' || n % 40 || '.example',
  case when n % 10 = 1 then now() + make_interval(mins => n % 90000) end, s.state,
  case s.state when 'dead' then 3 else 1 end, case when s.state = 'dead' then f.failure end,
  case when s.state = 'dead' then 'the server answered HTTP ' || 404 + n % 7 end, 'photos/row' || n || '.jpg',
  case when s.state = 'linked' then 'present' else 'none' end, case when s.state = 'linked' then md5(n::text) || md5(n::text) end,
  case when s.state = 'linked' then 20000 + n % 300000 end, case when s.state = 'linked' then 'image/jpeg' end,
  case when s.state = 'linked' then 'https://media.example/photos/row' || n || '.jpg' end, now() - make_interval(secs => :transfers - n)
from generate_series(1, :transfers) n
cross join lateral (select case when n % 20 = 0 then 'dead' when n % 10 = 1 then 'waiting' else 'linked' end as state) s
cross join lateral (select (array['gone', 'forbidden', 'too-large', 'not-media', 'unavailable'])[1 + n / 20 % 5] as failure) f;

insert into mediaferry.attempt (transfer, number, ended, millis, failure, http_status, message)
select t.id, a, t.updated - make_interval(mins => 3 - a), 120, t.failure, 404, t.message
from mediaferry.transfer t cross join generate_series(1, 3) a
where t.state = 'dead' and not exists (select from mediaferry.attempt where transfer = t.id);

insert into mediaferry.audit (at, who, origin, act, subject, ended, outcome)
select now() - make_interval(mins => n), 'anna', '127.0.0.1', 'retry-dead-letters', '{"kind": "gone"}', now(), '{"total": 10, "retried": 10}'
from generate_series(1, 2000) n;

insert into mediaferry.media (id, user_id, media_type, origin, status, file_name, mime_type, file_size, storage_key)
select gen_random_uuid(), 'user' || n % 1000, 'PICTURE', 'session', 'READY', 'picture' || n || '.jpg', 'image/jpeg', 20000 + n, 'pictures/' || n || '.jpg'
from generate_series(1, :transfers / 10) n;

vacuum analyze mediaferry.transfer;
vacuum analyze mediaferry.attempt;
vacuum analyze mediaferry.media;
vacuum analyze mediaferry.run;
vacuum analyze mediaferry.audit;

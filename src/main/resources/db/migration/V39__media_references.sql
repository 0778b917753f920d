-- Which table refers to a medium by a foreign key, of whatever columns, or null. A table that may not be read, or not all of
-- it, counts as one that does. Takes a new snapshot with each call, so what is locked before is seen as it is.
create or replace function mediaferry.media_referenced(medium uuid) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp set row_security = off as $$
declare
  media pg_class := (select c from pg_class c where c.reltype = pg_typeof(null::mediaferry.media));
  reference record;
  there boolean;
begin
  for reference in
    select c.conrelid::regclass::text as place, string_agg(format('x.%I = m.%I', a.attname, k.attname), ' and ') as equal
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    cross join lateral unnest(c.conkey, c.confkey) as p (own, theirs)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = p.own
    join pg_attribute k on k.attrelid = c.confrelid and k.attnum = p.theirs
    where c.contype = 'f' and c.confrelid = media.oid and c.conparentid = 0 and t.relnamespace <> media.relnamespace
    group by c.oid, c.conrelid
  loop
    begin
      execute format('select exists (select from %s x, %s m where m.id = $1 and %s)', reference.place, media.oid::regclass,
        reference.equal) into there using medium;
    exception when insufficient_privilege then
      there := true;
    end;
    if there then
      return reference.place;
    end if;
  end loop;
  return null;
end $$;

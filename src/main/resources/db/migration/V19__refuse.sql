-- Ends a statement, and with it its transaction, that has found a row other than it wrote it.
create function mediaferry.refuse(reason text) returns boolean language plpgsql as $$
begin
  raise exception using errcode = 'MF001', message = reason;
end $$;

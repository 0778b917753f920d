select entry, count(*) as transfers from mediaferry.transfer where state = 'claimed' and worker is not null group by entry

-- Pictures that are to be imported as they are, although their category compresses.
select entry, kept, count(*) as files from mediaferry.inventory
where worker = :#worker and reason is null and kept is not null group by 1, 2

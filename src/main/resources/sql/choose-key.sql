-- For keys made of the bytes' hash: written down before the object is stored. Tells whether that very object is being removed.
with chosen as (
  update mediaferry.transfer set object_key = :#objectKey, object_state = 'unknown', updated = now()
  where id = :#id and worker = :#worker and state = 'claimed'
  returning id
)
select count(*) as chosen from chosen

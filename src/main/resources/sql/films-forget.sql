-- A size that a film turns out not to fill lacks nothing.
delete from mediaferry.media_derivative
where object_key = :#objectKey and bucket is not distinct from :#bucket::text and kind in ('rendition', 'playlist') and size = :#size
  and state <> 'ready'

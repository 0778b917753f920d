-- What a master playlist says of a rung, which only its segments and their beginning tell: kept with the rung's own playlist.
alter table mediaferry.media_derivative add column stream text;

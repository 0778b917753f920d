-- Takes an order back by which nothing is wanted any more.
delete from mediaferry.standing_order where kind = :#kind and name = :#name and not paused and rate is null

delete from mediaferry.standing_order where kind = :#kind and name = :#name

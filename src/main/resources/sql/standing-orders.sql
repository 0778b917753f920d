select kind, name, paused, rate, who, at from mediaferry.standing_order order by kind, name

select state, failure, count(*) as rows, count(*) filter (where attempts > 0) as tried, min(created) as first
from mediaferry.transfer where entry = :#entry group by 1, 2

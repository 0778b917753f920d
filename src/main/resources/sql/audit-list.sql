select id, at, who, origin, act, subject, ended, outcome, failure
from mediaferry.audit where id < :#before order by id desc limit :#most

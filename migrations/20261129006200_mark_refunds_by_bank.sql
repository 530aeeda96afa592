-- What was paid by transfer went back by bank before that was written down, too; so one index finds all that did.
select set_config('bilten.scope', 'system', true);
update refunds r set by_bank = true
from payments p
where p.id = r.payment_id and p.provider = 'transfer' and r.state = 'succeeded' and r.exchanged_to is null and not r.by_bank;

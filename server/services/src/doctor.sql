with truth_held as (
    select tp.pool_id, sum(l.quantity) as held
    from (
        select hl.ticket_type_id, hl.quantity
        from hold_lines hl join holds h on h.id = hl.hold_id where h.state = 'active'
        union all
        select ol.ticket_type_id, ol.quantity
        from order_lines ol join orders o on o.id = ol.order_id where o.stock = 'held'
    ) l
    join ticket_type_pools tp on tp.ticket_type_id = l.ticket_type_id
    group by tp.pool_id
),
truth_sold as (
    select tp.pool_id, count(*) as sold
    from tickets t join ticket_type_pools tp on tp.ticket_type_id = t.ticket_type_id
    where t.state = 'valid'
    group by tp.pool_id
),
fees_booked as (
    select e.organization_id, e.currency, date_trunc('month', t.occurred_at at time zone 'UTC')::date as month,
           -sum(e.amount_minor) as amount
    from ledger_entries e
    join ledger_transactions t on t.id = e.transaction_id
    where e.account = 'platform_fees' and e.organization_id is not null
    group by 1, 2, 3
),
fees_billed as (
    select organization_id, currency, max(month) as until,
           sum(case kind when 'platform' then total_minor else -total_minor end) as amount
    from invoices
    where order_id is null
    group by 1, 2
)
select 'I1' as "invariant!", format('pool %s counts %s held, %s sold; truth is %s, %s', p.id, p.held, p.sold,
                                    coalesce(h.held, 0), coalesce(s.sold, 0)) as "what!"
from pools p
left join truth_held h on h.pool_id = p.id
left join truth_sold s on s.pool_id = p.id
where p.held <> coalesce(h.held, 0) or p.sold <> coalesce(s.sold, 0) or p.held + p.sold > p.capacity
union all
select 'I2', format('transaction %s sums to %s %s', transaction_id, sum(amount_minor), currency)
from ledger_entries group by transaction_id, currency having sum(amount_minor) <> 0
union all
select 'I2', format('%s of %s is %s %s, payments say %s', coalesce(b.account, c.account),
                    coalesce(b.organization_id, c.organization_id), coalesce(b.balance, 0), coalesce(b.currency, c.currency),
                    coalesce(c.captured, 0))
from (
    select e.organization_id, e.account, e.currency, sum(e.amount_minor) as balance
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
    where e.account in ('provider_clearing', 'bank') and t.kind in ('sale', 'refund')
    group by 1, 2, 3
) b
full join (
    select m.organization_id, m.account, m.currency, sum(m.amount) as captured
    from (
        select p.organization_id, case p.provider when 'transfer' then 'bank' else 'provider_clearing' end as account, p.currency,
               p.amount_minor as amount
        from payments p
        where p.state in ('succeeded', 'refunded')
        union all
        -- What a provider could not send may have left by bank.
        select p.organization_id, case when r.by_bank or p.provider = 'transfer' then 'bank' else 'provider_clearing' end, p.currency,
               -r.amount_minor
        from refunds r
        join payments p on p.id = r.payment_id
        where r.state = 'succeeded' and r.exchanged_to is null and p.state in ('succeeded', 'refunded')
    ) m
    group by 1, 2, 3
) c on c.organization_id = b.organization_id and c.account = b.account and c.currency = b.currency
where coalesce(b.balance, 0) <> coalesce(c.captured, 0)
union all
select 'I2', format('order %s is %s with %s tax and %s fee, the books have sold it %s times for %s, %s and %s, and exchanged it for %s, %s and %s %s',
                    b.order_id, o.total_minor, o.tax_minor, o.fee_minor, b.sales, b.total, b.tax, b.fee, b.in_total, b.in_tax, b.in_fee,
                    b.currency)
from (
    select order_id, currency, count(*) filter (where kind = 'sale') as sales,
           count(*) filter (where kind = 'exchange') as parts,
           coalesce(sum(money) filter (where kind = 'sale'), 0) as total,
           coalesce(sum(tax) filter (where kind = 'sale'), 0) as tax,
           coalesce(sum(fee) filter (where kind = 'sale'), 0) as fee,
           coalesce(sum(exchanged) filter (where kind = 'exchange'), 0) as in_total,
           coalesce(sum(tax) filter (where kind = 'exchange'), 0) as in_tax,
           coalesce(sum(fee) filter (where kind = 'exchange'), 0) as in_fee
    from (
        -- One row for each booking first: counting distinct ones would sort all entries there are.
        select t.order_id, t.kind, e.currency,
               sum(e.amount_minor) filter (where e.account in ('provider_clearing', 'bank')) as money,
               sum(e.amount_minor) filter (where e.account = 'exchange') as exchanged,
               -sum(e.amount_minor) filter (where e.account = 'tax_collected') as tax,
               -sum(e.amount_minor) filter (where e.account = 'platform_fees') as fee
        from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
        where t.kind = 'sale' or t.kind = 'exchange' and t.refund_id is null
        group by t.id, e.currency
    ) booked
    group by order_id, currency
) b
join orders o on o.id = b.order_id
-- Paid twice it is sold twice, until the second payment has gone back.
cross join lateral (select greatest(b.sales, 1) as times) n
where b.currency <> o.currency or b.parts > 1
   -- Without its tickets' part an exchange was given up: only what was paid is there.
   or b.total + n.times * b.in_total <> n.times * (o.total_minor - case b.parts when 0 then o.credit_minor else 0 end)
   or (b.parts > 0 or o.credit_minor = 0)
      and (b.tax + n.times * b.in_tax <> n.times * o.tax_minor or b.fee + n.times * b.in_fee <> n.times * o.fee_minor)
union all
select 'I2', format('payout %s of %s closes with %s, its bookings sum to %s', p.number, p.organization_id, p.closing_minor,
                    p.opening_minor + coalesce(b.owed, 0))
from payouts p
left join (
    select i.payout_id, -sum(e.amount_minor) as owed
    from payout_items i
    join ledger_entries e on e.transaction_id = i.transaction_id and e.account in ('organizer_payable', 'tax_collected')
    group by i.payout_id
) b on b.payout_id = p.id
where p.closing_minor <> p.opening_minor + coalesce(b.owed, 0)
union all
select 'I2', format('payout %s of %s opens with %s, the one before closed with %s', number, organization_id, opening_minor, before)
from (
    select number, organization_id, opening_minor,
           coalesce(lag(closing_minor) over (partition by organization_id, currency order by number), 0) as before
    from payouts
) p
where opening_minor <> before
union all
select 'I2', format('payouts of %s that wait are %s %s, the books say %s', coalesce(p.organization_id, b.organization_id),
                    coalesce(p.waiting, 0), coalesce(p.currency, b.currency), coalesce(b.owed, 0))
from (
    select organization_id, currency, sum(amount_minor) as waiting from payouts where state = 'requested'
    group by organization_id, currency
) p
full join (
    select organization_id, currency, -sum(amount_minor) as owed from ledger_entries where account = 'payouts_payable'
    group by organization_id, currency
) b on b.organization_id = p.organization_id and b.currency = p.currency
where coalesce(p.waiting, 0) <> coalesce(b.owed, 0)
union all
select 'I6', format('refunds of %s that wait are %s %s, the books say %s', coalesce(r.organization_id, b.organization_id),
                    coalesce(r.waiting, 0), coalesce(r.currency, b.currency), coalesce(b.owed, 0))
from (
    select organization_id, currency, sum(amount_minor) as waiting from refunds where state in ('pending', 'failed')
    group by organization_id, currency
) r
full join (
    select organization_id, currency, -sum(amount_minor) as owed from ledger_entries where account = 'refunds_payable'
    group by organization_id, currency
) b on b.organization_id = r.organization_id and b.currency = r.currency
where coalesce(r.waiting, 0) <> coalesce(b.owed, 0)
union all
select 'I2', format('dispute %s has moved %s %s by the books, the provider says %s', coalesce(b.dispute_id, m.dispute_id),
                    coalesce(b.moved, 0), coalesce(b.currency, m.currency), coalesce(m.moved, 0))
from (
    select t.dispute_id, e.currency, sum(e.amount_minor) as moved
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
    where e.account = 'provider_clearing' and t.kind = 'dispute'
    group by t.dispute_id, e.currency
) b
full join (
    select dispute_id, currency, -sum(amount) as moved
    from (
        select dispute_id, currency, taken_minor as amount from dispute_moves
        union all
        select dispute_id, cost_currency, cost_minor from dispute_moves
    ) each
    group by dispute_id, currency
) m on m.dispute_id = b.dispute_id and m.currency = b.currency
where coalesce(b.moved, 0) <> coalesce(m.moved, 0)
union all
select 'I6', format('dispute %s of %s is %s and holds %s', d.id, d.amount_minor, d.state, d.taken_minor)
from disputes d
left join (select dispute_id, sum(taken_minor) as taken from dispute_moves group by dispute_id) m on m.dispute_id = d.id
where d.taken_minor <> coalesce(m.taken, 0) or d.taken_minor < 0
   -- The money of a won dispute comes back within hours of the decision.
   or d.state in ('won', 'inquiry_closed') and d.taken_minor <> 0 and d.decided_at < $1::timestamptz - interval '2 days'
   or d.state in ('needs_answer', 'under_review', 'lost') and d.taken_minor = 0 and d.amount_minor > 0
      and d.opened_at < $1::timestamptz - interval '2 days'
union all
select 'I6', format('order %s counts %s as disputed and %s as lost, its disputes hold %s and %s', o.id, o.disputed_minor,
                    o.lost_minor, coalesce(d.taken, 0), coalesce(d.lost, 0))
from orders o
left join (
    select order_id, sum(taken_minor) as taken, sum(taken_minor) filter (where state = 'lost') as lost
    from disputes
    where not exists (select from refunds r where r.payment_id = disputes.payment_id and r.of_second_payment)
    group by order_id
) d on d.order_id = o.id
where o.disputed_minor <> coalesce(d.taken, 0) or o.lost_minor <> coalesce(d.lost, 0)
union all
select 'I6', format('order %s counts %s as lost with payments of others, its losses are %s', o.id, o.lost_elsewhere_minor,
                    coalesce(l.lost, 0))
from orders o
left join (
    select l.order_id, sum(l.amount_minor) as lost
    from dispute_losses l join disputes d on d.id = l.dispute_id
    where l.undone_at is null and d.order_id <> l.order_id
    group by l.order_id
) l on l.order_id = o.id
where o.lost_elsewhere_minor <> coalesce(l.lost, 0)
union all
select 'I6', format('banks and refunds have taken %s back of order %s, which paid %s', o.refunded_minor + o.disputed_minor, o.id,
                    o.total_minor)
from orders o
where o.disputed_minor > 0
  and o.refunded_minor + o.disputed_minor > o.total_minor + (
      -- What went into other orders is theirs to lose.
      select coalesce(sum(r.amount_minor), 0) from refunds r where r.order_id = o.id and r.exchanged_to is not null)
union all
select 'I4', format('order %s is %s although its disputes say otherwise', o.id,
                    case when o.blocked then 'blocked' else 'not blocked' end)
from orders o
join organizations g on g.id = o.organization_id
left join (
    select c.order_id, bool_or(c.state in ('needs_answer', 'under_review')) as waits
    from (
        select d.order_id, d.payment_id, d.state from disputes d
        union
        select x.exchanged_to, d.payment_id, d.state
        from disputes d join refunds x on x.payment_id = d.payment_id and x.exchanged_to is not null
    ) c
    where not exists (select from refunds r where r.payment_id = c.payment_id and r.of_second_payment)
    group by c.order_id
) d on d.order_id = o.id
where o.blocked <> (coalesce(d.waits, false) and g.dispute_tickets = 'block')
union all
select 'I11', format('dispute %s waited for an answer until %s and nobody gave one', id, answer_by)
from disputes
where state = 'needs_answer' and answer_by < $1::timestamptz - interval '14 days'
union all
select 'I3', format('line %s of a paid order has %s tickets for %s places', l.id, count(distinct t.n), l.quantity)
from order_lines l
join orders o on o.id = l.order_id
left join tickets t on t.order_line_id = l.id
where o.paid_at is not null
group by l.id, l.quantity
having count(distinct t.n) <> l.quantity
union all
select 'I3', format('line %s place %s has %s valid tickets', order_line_id, n, count(*))
from tickets where state = 'valid' group by order_line_id, n having count(*) > 1
union all
select 'I4', format('ticket %s is valid, its order is %s', t.id, o.state)
from tickets t join orders o on o.id = t.order_id
where t.state = 'valid' and (o.state <> 'paid' or o.stock <> 'sold')
union all
select 'I4', format('order %s is paid without a payment', o.id)
from orders o
where o.state = 'paid' and o.total_minor > o.credit_minor
  and not exists (select from payments p where p.order_id = o.id and p.state = 'succeeded')
union all
select 'I6', format('payment %s of %s has refunds of %s', p.id, p.amount_minor, sum(r.amount_minor))
from payments p join refunds r on r.payment_id = p.id and r.exchanged_to is null
group by p.id, p.amount_minor, p.state
having sum(r.amount_minor) > p.amount_minor or p.state not in ('succeeded', 'refunded')
union all
select 'I6', format('payment %s is captured, its order is %s and nothing goes back', p.id, o.state)
from payments p join orders o on o.id = p.order_id
where p.state = 'succeeded' and o.paid_at is null
union all
select 'I7', format('order %s has %s payments and %s sales in the books', o.id, coalesce(p.n, 0), coalesce(l.n, 0))
from orders o
left join (
    select order_id, count(*) as n from payments where state in ('succeeded', 'refunded') group by order_id
) p on p.order_id = o.id
left join (
    select order_id, count(*) as n from ledger_transactions where kind = 'sale' group by order_id
) l on l.order_id = o.id
where coalesce(p.n, 0) <> coalesce(l.n, 0)
union all
select 'I7', format('transfer %s is paid without a line of a statement', p.id)
from payments p
where p.provider = 'transfer' and p.state in ('succeeded', 'refunded')
  and not exists (select from bank_lines l where l.payment_id = p.id and l.state in ('matched', 'assigned'))
union all
select 'I11', format('line %s of a statement (%s) waits to be applied since %s', id, state, coalesce(ended_at, created_at))
from bank_lines
where applied_at is null and state in ('matched', 'assigned', 'refund')
  and coalesce(ended_at, created_at) < $1::timestamptz - interval '30 minutes'
union all
select 'I7', format('message %s (%s) of %s could not be taken in: %s', event_id, kind, provider, last_error)
from provider_events where outcome = 'dead'
union all
select 'I11', format('message %s (%s) of %s waits since %s', event_id, kind, provider, received_at)
from provider_events where outcome = 'waiting' and received_at < $1::timestamptz - interval '4 hours'
union all
select 'I9', format('ticket %s counts %s entries, %s allowed', c.ticket_id, count(*), max(coalesce(l.times, 1)))
from check_ins c left join check_in_lists l on l.id = c.list_id
where c.kind = 'admit' and c.outcome = 'accepted' and not c.forced and not coalesce(l.reentry, false)
    -- What was scanned on lists that are gone came in by their rules.
    and (c.list_id is not null or not exists (
        select from check_in_lists r where r.event_id = c.event_id and r.removed_at is not null))
group by c.ticket_id, c.list_id having count(*) > max(coalesce(l.times, 1))
union all
select 'I11', format('hold %s is past its end', id)
from holds where state = 'active' and expires_at < $1::timestamptz - interval '60 seconds'
union all
select 'I11', format('order %s is pending past its end', id)
from orders where state = 'pending' and expires_at < $1::timestamptz - interval '60 seconds'
union all
select 'I11', format('order %s is pending without places', id)
from orders where state = 'pending' and (stock <> 'held' or expires_at is null)
union all
select 'I11', format('request %s is past its end', id)
from orders where state = 'asked' and expires_at < $1::timestamptz - interval '60 seconds'
union all
select 'I11', format('request %s waits without places', id) from orders where state = 'asked' and stock <> 'held'
union all
select 'I4', format('request %s waits, and no card is held for it', o.id)
from orders o
where o.state = 'asked' and o.asking = 'hold'
  and not exists (select from payments p where p.order_id = o.id and p.state = 'held')
union all
select 'I4', format('order %s has tickets without the organizer''s yes', o.id)
from orders o where o.state = 'paid' and o.asking <> 'no' and o.decision is distinct from 'approved'
union all
select 'I6', format('payment %s is held and nobody waits for it', p.id)
from payments p join orders o on o.id = p.order_id
where p.state = 'held' and o.state <> 'asked' and p.updated_at < $1::timestamptz - interval '30 minutes'
  and (o.decided_at is null or o.decided_at < $1::timestamptz - interval '30 minutes')
union all
select 'I11', format('job %s (%s) is due since %s and nobody has it', id, kind, run_at)
from jobs
where dead_at is null and run_at < $1::timestamptz - interval '30 minutes'
  and (locked_until is null or locked_until < $1::timestamptz - interval '30 minutes')
union all
select 'I11', format('announcement %s (%s) is unread since %s', id, topic, created_at)
from outbox where created_at < $1::timestamptz - interval '30 minutes'
union all
select 'I15', format('order %s and its event belong to different organizations', o.id)
from orders o join events e on e.id = o.event_id where e.organization_id <> o.organization_id
union all
select 'I15', format('line %s and its order belong to different organizations', l.id)
from order_lines l join orders o on o.id = l.order_id where o.organization_id <> l.organization_id
union all
select 'I15', format('ticket %s and its order belong to different organizations', t.id)
from tickets t join orders o on o.id = t.order_id where o.organization_id <> t.organization_id or o.event_id <> t.event_id
union all
select 'I15', format('payment %s and its order belong to different organizations', p.id)
from payments p join orders o on o.id = p.order_id where o.organization_id <> p.organization_id
union all
select 'I15', format('refund %s and its order belong to different organizations', r.id)
from refunds r join orders o on o.id = r.order_id where o.organization_id <> r.organization_id
union all
select 'I15', format('pool %s and ticket type %s are of different events', tp.pool_id, tp.ticket_type_id)
from ticket_type_pools tp
join pools p on p.id = tp.pool_id
join ticket_types y on y.id = tp.ticket_type_id
where p.event_id <> y.event_id or p.organization_id <> tp.organization_id
union all
select 'P1', format('code %s counts %s uses and %s, its uses are %s and %s', c.id, c.used, c.spent_minor,
                    coalesce(u.uses, 0), coalesce(u.minor, 0))
from promo_codes c
left join (
    select promo_code_id, count(*) as uses, sum(discount_minor) as minor
    from promo_uses where given_back_at is null group by promo_code_id
) u on u.promo_code_id = c.id
where c.used <> coalesce(u.uses, 0) or c.spent_minor <> coalesce(u.minor, 0)
union all
select 'P1', format('hold %s is over and has its code', u.hold_id)
from promo_uses u
join holds h on h.id = u.hold_id
left join orders o on o.hold_id = h.id
where u.given_back_at is null
  and (h.state in ('released', 'expired') or (o.paid_at is null and o.state in ('expired', 'cancelled')))
union all
select 'P1', format('order %s saves %s, its code says %s', o.id, coalesce(l.saved, 0), u.discount_minor)
from promo_uses u
join orders o on o.hold_id = u.hold_id
left join (
    select order_id, sum((full_price_minor - unit_price_minor) * quantity) as saved
    from order_lines where full_price_minor is not null group by order_id
) l on l.order_id = o.id
where u.given_back_at is null
  -- Of a price without tax, which the buyer owes, a code takes off less than it counts.
  and case when o.reverse_charge then u.discount_minor < coalesce(l.saved, 0)
           else u.discount_minor <> coalesce(l.saved, 0) end
union all
select 'L1', format('event %s is not listed as it is', e.id)
from events e
join organizations o on o.id = e.organization_id
left join listings l on l.event_id = e.id
where (l.event_id is not null) is distinct from
          (o.state = 'active' and e.visibility = 'public' and e.state <> 'draft')
   or (l.category, l.city, l.online, l.happening, l.time_zone, l.starts_at, l.ends_at, l.folded, l.words,
       l.free) is distinct from
          (e.category, e.venue_city, e.attendance = 'online', e.state = 'published', e.time_zone, e.starts_at, e.ends_at,
           e.search_text, e.search_vector,
           exists (select from ticket_types t where t.event_id = e.id and t.state <> 'archived' and t.price_minor = 0))
      and l.event_id is not null
union all
select 'D1', format('series %s %s of %s has given %s numbers for %s documents up to %s', coalesce(s.prefix, i.prefix),
                    coalesce(s.year, i.year), coalesce(s.organization_id, i.organization_id), s.next - 1,
                    coalesce(i.documents, 0), coalesce(i.last, 0))
from (select * from invoice_series where organization_id is not null) s
full join (
    select organization_id, prefix, year, count(*) as documents, max(n) as last
    from invoices where order_id is not null
    group by organization_id, prefix, year
) i on i.organization_id = s.organization_id and i.prefix = s.prefix and i.year = s.year
where s.next is null or s.next - 1 <> coalesce(i.documents, 0) or s.next - 1 <> coalesce(i.last, 0)
union all
select 'D1', format('document %s says %s and %s tax, its lines sum to %s and %s', i.number, i.net_minor, i.tax_minor,
                    l.net, l.tax)
from invoices i
cross join lateral (
    select sum((line ->> 'net')::bigint) as net, sum((line ->> 'tax')::bigint) as tax
    from jsonb_array_elements(i.document -> 'lines') line
) l
where i.net_minor <> l.net or i.tax_minor <> l.tax or i.number <> i.document ->> 'number'
   or i.currency <> i.document ->> 'currency'
union all
select 'D1', format('invoice %s says %s with %s tax, its order %s and %s', i.number, i.total_minor, i.tax_minor,
                    o.total_minor, o.tax_minor)
from invoices i join orders o on o.id = i.order_id
where i.kind = 'invoice' and i.corrects_id is null
  and (i.total_minor <> o.total_minor or i.tax_minor <> o.tax_minor or i.currency <> o.currency)
union all
select 'D1', format('invoice %s of %s is taken back by %s', i.number, i.total_minor, sum(n.total_minor))
from invoices i join invoices n on n.corrects_id = i.id and n.kind = 'credit_note'
where i.kind = 'invoice' and not exists (select from invoices c where c.corrects_id = n.id)
group by i.id, i.number, i.total_minor, i.tax_minor, i.net_minor
having sum(n.total_minor) > i.total_minor or sum(n.tax_minor) > i.tax_minor or sum(n.net_minor) > i.net_minor
union all
select 'D1', format('dispute %s took %s of order %s, its documents say %s', l.dispute_id, l.amount_minor, l.order_id,
                    coalesce(n.taken, 0) - coalesce(n.given, 0))
from dispute_losses l
left join lateral (
    select sum(n.total_minor) filter (where n.kind = 'credit_note') as taken,
           sum(n.total_minor) filter (where n.kind = 'invoice') as given
    from invoices n where n.dispute_id = l.dispute_id and n.order_id = l.order_id
) n on true
where case
    when l.undone_at is null then coalesce(n.taken, 0) - coalesce(n.given, 0) <> l.amount_minor
    -- It may hold more: the invoice that the note was for was replaced.
    else coalesce(n.given, 0) < coalesce(n.taken, 0)
end
union all
select 'D1', format('order %s has %s tax by its documents, the books say %s', d.order_id, d.tax, coalesce(b.tax, 0))
from (
    select order_id, sum(case kind when 'invoice' then tax_minor else -tax_minor end) as tax
    from invoices where order_id is not null group by order_id
) d
cross join lateral (
    select -sum(e.amount_minor) as tax
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id and e.account = 'tax_collected'
    where t.order_id = d.order_id and t.kind in ('sale', 'refund', 'exchange', 'dispute')
) b
where d.tax <> coalesce(b.tax, 0)
  -- A credit note comes once the money has gone back.
  and not exists (select from refunds r where r.order_id = d.order_id and r.state <> 'succeeded')
  and not exists (select from invoices_due w where w.order_id = d.order_id)
  -- Disputes that were lost before there were notes for them.
  and not exists (select from disputes x where x.order_id = d.order_id and x.state = 'lost'
                    and not exists (select from dispute_losses l where l.dispute_id = x.id))
union all
select 'D1', format('document %s and its order differ about who owes the tax', i.number)
from invoices i join orders o on o.id = i.order_id
where o.reverse_charge <> (i.document -> 'lines' @> '[{"category": "AE"}]')
union all
select 'D1', format('credit note %s says %s, its refund %s', n.number, n.total_minor, r.amount_minor)
from invoices n join refunds r on r.id = n.refund_id
where n.total_minor <> r.amount_minor or n.order_id <> r.order_id
union all
select 'D1', format('order %s is paid and neither has an invoice nor waits for one', o.id)
from orders o
where o.paid_at < $1::timestamptz - interval '30 minutes' and o.total_minor > 0
  and not exists (select from invoices i where i.order_id = o.id and i.kind = 'invoice')
  and not exists (select from invoices_due d where d.order_id = o.id and d.refund_id is null)
  and not exists (select from outbox b where b.topic = 'order_paid' and b.payload ->> 'order' = o.id::text)
union all
select 'D1', format('a document of order %s waits since %s attempts: %s', order_id, attempts, last_error)
from invoices_due where attempts >= 5
union all
select 'I15', format('document %s and its order belong to different organizations', i.number)
from invoices i join orders o on o.id = i.order_id
where o.organization_id <> i.organization_id or o.event_id is distinct from i.event_id
union all
select 'I7', format('order %s has %s payments that went straight on and %s bookings of them', coalesce(p.order_id, l.order_id),
                    coalesce(p.n, 0), coalesce(l.n, 0))
from (
    select order_id, count(*) as n from payments where state in ('succeeded', 'refunded') and straight_to is not null
    group by order_id
) p
full join (
    select order_id, count(*) as n from ledger_transactions where kind = 'straight' and refund_id is null
    group by order_id
) l on l.order_id = p.order_id
where coalesce(p.n, 0) <> coalesce(l.n, 0)
union all
select 'I2', format('refund %s took back %s of an organizer, the books say %s', r.id, b.promised, coalesce(b.recalled, 0))
from refunds r
cross join lateral (
    select sum(e.amount_minor) filter (where t.kind = 'refund') as promised,
           -sum(e.amount_minor) filter (where t.kind = 'straight') as recalled
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id and e.account in ('organizer_payable', 'tax_collected')
    where t.refund_id = r.id
) b
where r.recalled_at is not null and coalesce(b.promised, 0) <> coalesce(b.recalled, 0)
union all
select 'I11', format('the fee of refund %s should be back with the organizer since %s', id, recalled_at)
from refunds where recalled_at < $1::timestamptz - interval '4 hours' and fee_returned_at is null
union all
select 'I11', format('payout %s of %s is being sent since %s', number, organization_id, sending_at)
from payouts where state = 'requested' and sending_at < $1::timestamptz - interval '4 hours'
union all
select 'D1', format('series %s %s of the platform has given %s numbers for %s documents up to %s', coalesce(s.prefix, i.prefix),
                    coalesce(s.year, i.year), s.next - 1, coalesce(i.documents, 0), coalesce(i.last, 0))
from (select * from invoice_series where organization_id is null) s
full join (
    select prefix, year, count(*) as documents, max(n) as last from invoices where order_id is null group by prefix, year
) i on i.prefix = s.prefix and i.year = s.year
where s.next is null or s.next - 1 <> coalesce(i.documents, 0) or s.next - 1 <> coalesce(i.last, 0)
union all
select 'D1', format('the platform has billed %s %s %s until %s, its fees until then are %s', x.organization_id, x.amount,
                    x.currency, x.until, coalesce(sum(b.amount), 0))
from fees_billed x
left join fees_booked b on b.organization_id = x.organization_id and b.currency = x.currency and b.month <= x.until
group by x.organization_id, x.currency, x.until, x.amount
having x.amount <> coalesce(sum(b.amount), 0)
union all
select 'D1', format('fees of %s of months that are over are %s %s, the platform has billed %s', b.organization_id,
                    sum(b.amount), b.currency, coalesce(x.amount, 0))
from fees_booked b
left join fees_billed x on x.organization_id = b.organization_id and x.currency = b.currency
where b.month < date_trunc('month', ($1::timestamptz - interval '2 days') at time zone 'UTC')
  and exists (select from platform_issuer where changed_at < $1::timestamptz - interval '2 days')
group by b.organization_id, b.currency, x.amount, x.until
having sum(b.amount) <> coalesce(x.amount, 0)
   -- Billed further than what is looked at here.
   and coalesce(x.until, '-infinity') < date_trunc('month', ($1::timestamptz - interval '2 days') at time zone 'UTC')
union all
select 'I2', format('order %s was given %s for tickets, the books say %s, and %s left other orders for it', o.id, o.credit_minor,
                    coalesce(b.booked, 0), coalesce(r.moved, 0))
from orders o
left join (select exchanged_to, sum(amount_minor) as moved from refunds group by exchanged_to) r on r.exchanged_to = o.id
left join (
    select t.order_id, sum(e.amount_minor) as booked
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id and e.account = 'exchange'
    where t.kind = 'exchange' and t.refund_id is null
    group by t.order_id
) b on b.order_id = o.id
where coalesce(r.moved, 0) <> case when o.paid_at is null then 0 else o.credit_minor end
   or coalesce(b.booked, 0) <> coalesce(r.moved, 0)
union all
select 'I2', format('exchange into order %s leaves %s %s on its account', coalesce(r.exchanged_to, t.order_id), sum(e.amount_minor),
                    e.currency)
from ledger_entries e
join ledger_transactions t on t.id = e.transaction_id
left join refunds r on r.id = t.refund_id
where e.account = 'exchange'
group by coalesce(r.exchanged_to, t.order_id), e.currency
having sum(e.amount_minor) <> 0
union all
select 'I6', format('refund %s went into order %s and is %s', id, exchanged_to, state)
from refunds where exchanged_to is not null and (state <> 'succeeded' or provider_ref is not null or of_second_payment)
union all
select 'I6', format('payment %s of order %s holds %s of order %s', m.payment_id, p.order_id, sum(m.amount), m.order_id)
from (
    select id as payment_id, order_id, amount_minor as amount from payments where state in ('succeeded', 'refunded')
    union all
    select payment_id, exchanged_to, amount_minor from refunds where exchanged_to is not null
    union all
    select payment_id, order_id, -amount_minor from refunds
) m
join payments p on p.id = m.payment_id
group by m.payment_id, p.order_id, m.order_id
having sum(m.amount) < 0
union all
select 'I4', format('ticket %s is valid, and was given in for order %s', t.id, x.order_id)
from exchanges x join tickets t on t.id = any(x.tickets)
where x.settled_at is not null and t.state = 'valid'
union all
select 'I4', format('ticket %s was given in for %s orders', t.ticket, count(*))
from exchanges x cross join lateral unnest(x.tickets) as t (ticket)
where x.settled_at is not null
group by t.ticket having count(*) > 1
union all
select 'I7', format('order %s is paid and its exchange is not settled', o.id)
from orders o join exchanges x on x.order_id = o.id
where (o.paid_at is not null) <> (x.settled_at is not null)
union all
select 'I15', format('orders %s and %s of an exchange belong to different organizations', x.order_id, x.from_order_id)
from exchanges x join orders o on o.id = x.order_id join orders f on f.id = x.from_order_id
where o.organization_id <> x.organization_id or f.organization_id <> x.organization_id
union all
select 'S1', format('price phases of ticket type %s count %s as taken, the truth is %s', coalesce(c.ticket_type_id, t.id), c.taken,
                    x.taken)
from ticket_types t
full join price_phase_counts c on c.ticket_type_id = t.id
cross join lateral (
    select (select coalesce(sum(l.quantity), 0) from hold_lines l join holds h on h.id = l.hold_id
            where l.ticket_type_id = t.id and h.state = 'active')
         + (select coalesce(sum(l.quantity), 0) from order_lines l join orders o on o.id = l.order_id
            where l.ticket_type_id = t.id and (o.stock = 'held' or o.paid_at is not null)) as taken
) x
where (c.ticket_type_id is not null
       or exists (select from jsonb_array_elements(t.price_phases -> 'ending') p where p ->> 'count' is not null))
  and c.taken is distinct from x.taken
union all
select 'S1', format('line %s of order %s names a price phase only in part', id, order_id)
from order_lines where (phase_id is null) <> (phase_name is null)

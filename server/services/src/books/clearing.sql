-- What should lie with the provider by our books, and by its own. An order of which something is still on its way from one
-- book to the other counts in neither.
with whose as (
    select distinct on (charge_ref) charge_ref, order_id
    from payments
    where provider = $1 and charge_ref is not null
    order by charge_ref, id
),
lines as (
    select b.reference, b.currency, b.amount_minor - b.fee_minor as net, w.order_id,
           b.occurred_at >= $2 or b.booked_at is null as fresh
    from provider_book b
    -- A transfer or a fee names its charge; what was taken or given back of it names the transfer or the fee.
    left join lateral (
        select o.charge_ref, o.parent from provider_book o
        where b.charge_ref is null and o.provider = b.provider and o.source = b.parent
        order by o.charge_ref is null, o.reference limit 1
    ) up on true
    left join lateral (
        select o.charge_ref from provider_book o
        where b.charge_ref is null and up.charge_ref is null and o.provider = b.provider and o.source = up.parent
        order by o.charge_ref is null, o.reference limit 1
    ) top on true
    left join whose w on w.charge_ref = coalesce(b.charge_ref, up.charge_ref, top.charge_ref)
    where b.provider = $1
),
entries as (
    select t.order_id, t.reference, e.currency, e.amount_minor,
           -- Costs and transfers are booked from lines: whether they are fresh, the line says.
           t.kind not in ('cost', 'transfer') and t.occurred_at >= $2 as fresh
    from ledger_entries e
    -- What goes back of an order may come from the payment of another, whose tickets were given in for it: there its line is.
    join (
        select b.id, b.kind, b.reference, b.occurred_at, coalesce(p.order_id, b.order_id) as order_id
        from ledger_transactions b
        left join refunds r on r.id = b.refund_id
        left join payments p on p.id = r.payment_id
    ) t on t.id = e.transaction_id
    where e.account = 'provider_clearing'
      and (t.order_id is null
           or exists (select from payments p where p.order_id = t.order_id and p.provider = $1
                                               and p.state in ('succeeded', 'refunded')))
),
moving as (
    select order_id from lines where fresh and order_id is not null
    union
    select order_id from entries where fresh and order_id is not null
    union
    select p.order_id from refunds r join payments p on p.id = r.payment_id where p.provider = $1 and r.state = 'pending'
),
settled as (
    select e.currency, e.amount_minor as ours, 0::bigint as theirs
    from entries e
    where (e.order_id is not null and not exists (select from moving m where m.order_id = e.order_id))
       or (e.order_id is null and not e.fresh
           and not exists (select from lines l where l.reference = e.reference and l.fresh))
    union all
    select l.currency, 0, l.net
    from lines l
    where (l.order_id is not null and not exists (select from moving m where m.order_id = l.order_id))
       or (l.order_id is null and not l.fresh)
)
select currency as "currency!", sum(ours)::bigint as "ours!", sum(theirs)::bigint as "theirs!"
from settled
group by currency
order by currency

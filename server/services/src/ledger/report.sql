-- What buyers paid and whose it is, order by order. Parameters: organization, from, until (not in it), as of, what a row is,
-- the zone of days, event.
with booked as (
    select t.order_id, booked_as(t.kind, t.refund_id, t.reference) as kind, t.occurred_at, e.currency,
           -sum(e.amount_minor) as total,
           -coalesce(sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0) as tax,
           -coalesce(sum(e.amount_minor) filter (where e.account = 'platform_fees'), 0) as fee
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
        and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
    where ($1::uuid is null or t.organization_id = $1)
      and t.occurred_at >= $2 and t.occurred_at < $3 and t.occurred_at <= $4
      and t.kind in ('sale', 'refund', 'dispute', 'exchange') and t.order_id is not null
    group by t.id, t.order_id, t.kind, t.occurred_at, e.currency
)
select coalesce(case $5
           when 'month' then to_char(b.occurred_at at time zone $6, 'YYYY-MM')
           when 'day' then to_char(b.occurred_at at time zone $6, 'YYYY-MM-DD')
           when 'event' then v.slug
           -- Of an order without a payment, tickets of another one were the money.
           when 'method' then coalesce(p.provider, 'tickets')
           when 'channel' then o.channel
           when 'organization' then g.slug
           else ''
       end, '') as "key!",
       case $5 when 'event' then v.title when 'organization' then g.name else '' end as "name!",
       b.currency as "currency!",
       count(distinct b.order_id) filter (where b.kind = 'sale') as "orders!",
       coalesce(sum(b.total) filter (where b.kind = 'sale'), 0)::bigint as "gross!",
       -coalesce(sum(b.total) filter (where b.kind = 'refund'), 0)::bigint as "refunded!",
       -coalesce(sum(b.total) filter (where b.kind = 'dispute'), 0)::bigint as "disputed!",
       -coalesce(sum(b.total) filter (where b.kind = 'dispute_cost'), 0)::bigint as "dispute_fees!",
       sum(b.tax)::bigint as "tax!",
       sum(b.fee)::bigint as "fees!",
       sum(b.total - b.tax - b.fee)::bigint as "net!"
from booked b
join orders o on o.id = b.order_id
join events v on v.id = o.event_id
join organizations g on g.id = o.organization_id
left join lateral (
    select p.provider from payments p
    where p.order_id = b.order_id and p.state in ('succeeded', 'refunded')
      -- What was paid a second time, and so went back, may have been begun first.
      and not exists (select from refunds r where r.payment_id = p.id and r.of_second_payment)
    order by p.created_at, p.id limit 1
) p on $5 = 'method'
where $7::text is null or v.slug = $7
group by 1, 2, 3
order by 2, 1, 3
limit $8

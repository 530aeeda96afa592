-- All organizations, and what belongs to none. Parameters: from, until (not in it), as of, what a row is.
with booked as (
    select t.organization_id, t.order_id, booked_as(t.kind, t.refund_id, t.reference) as kind, t.occurred_at, e.currency,
           -coalesce(sum(e.amount_minor) filter (
               where e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
                 and t.kind in ('sale', 'refund', 'dispute', 'exchange')), 0) as total,
           -coalesce(sum(e.amount_minor) filter (
               where e.account = 'tax_collected' and t.kind in ('sale', 'refund', 'dispute', 'exchange')), 0) as tax,
           -coalesce(sum(e.amount_minor) filter (
               where e.account = 'platform_fees' and t.kind in ('sale', 'refund', 'dispute', 'exchange')), 0) as fee,
           coalesce(sum(e.amount_minor) filter (where e.account = 'provider_costs'), 0) as cost
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
        and e.account in ('organizer_payable', 'tax_collected', 'platform_fees', 'provider_costs')
    where t.occurred_at >= $1 and t.occurred_at < $2 and t.occurred_at <= $3
      and t.kind in ('sale', 'refund', 'dispute', 'exchange', 'cost')
    group by t.id, e.currency
),
-- What is owed to organizers at the end, whatever it came from.
owed as (
    select t.organization_id, e.currency, -sum(e.amount_minor) as owed
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
        and e.account in ('organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable')
    where t.occurred_at < $2 and t.occurred_at <= $3 and $4 in ('organization', 'total')
    group by t.organization_id, e.currency
    having sum(e.amount_minor) <> 0
),
sums as (
    select b.organization_id, b.occurred_at, b.currency, b.order_id, b.kind, b.total, b.tax, b.fee, b.cost, 0::numeric as owed
    from booked b
    union all
    select o.organization_id, null, o.currency, null, '', 0, 0, 0, 0, o.owed
    from owed o
)
select coalesce(case $4
           when 'month' then to_char(s.occurred_at at time zone 'UTC', 'YYYY-MM')
           when 'organization' then g.slug
           else ''
       end, '') as "key!",
       coalesce(case $4 when 'organization' then g.name end, '') as "name!",
       s.currency as "currency!",
       count(distinct s.order_id) filter (where s.kind = 'sale') as "orders!",
       coalesce(sum(s.total) filter (where s.kind = 'sale'), 0)::bigint as "gross!",
       -coalesce(sum(s.total) filter (where s.kind = 'refund'), 0)::bigint as "refunded!",
       -coalesce(sum(s.total) filter (where s.kind = 'dispute'), 0)::bigint as "disputed!",
       -coalesce(sum(s.total) filter (where s.kind = 'dispute_cost'), 0)::bigint as "dispute_fees!",
       sum(s.tax)::bigint as "tax!",
       sum(s.fee)::bigint as "fees!",
       sum(s.total - s.tax - s.fee)::bigint as "net!",
       sum(s.cost)::bigint as "costs!",
       sum(s.owed)::bigint as "owed!"
from sums s
left join organizations g on g.id = s.organization_id
group by 1, 2, 3
order by 2, 1, 3
limit $5

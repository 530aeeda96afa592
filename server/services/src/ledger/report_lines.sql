-- The same, ticket type by ticket type, phase by phase of their prices, or rate by rate. A sale is what its lines are; of what goes back, each line bears its
-- share. Shares are those of running sums, rounded, so that they sum to the whole to the last cent.
with booked as (
    select t.id, t.order_id, booked_as(t.kind, t.refund_id, t.reference) as kind, e.currency,
           -sum(e.amount_minor) as total,
           -coalesce(sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0) as tax,
           -coalesce(sum(e.amount_minor) filter (where e.account = 'platform_fees'), 0) as fee
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id
        and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
    join orders o on o.id = t.order_id
    where ($1::uuid is null or t.organization_id = $1)
      and t.occurred_at >= $2 and t.occurred_at < $3 and t.occurred_at <= $4
      and t.kind in ('sale', 'refund', 'dispute', 'exchange')
      and ($6::text is null or o.event_id = (select v.id from events v where v.slug = $6))
    group by t.id, t.order_id, t.kind, e.currency
),
lines as (
    select l.order_id, l.ticket_type_id, l.tax_rate, r.reverse_charge, coalesce(l.phase_name, '') as phase,
           l.quantity::bigint * l.unit_price_minor as total, l.tax_minor as tax, l.fee_minor as fee,
           sum(l.quantity::bigint * l.unit_price_minor) over w as total_to, sum(l.tax_minor) over w as tax_to,
           sum(l.fee_minor) over w as fee_to, row_number() over w as n,
           sum(l.quantity::bigint * l.unit_price_minor) over o as total_all, sum(l.tax_minor) over o as tax_all,
           sum(l.fee_minor) over o as fee_all, count(*) over o as n_all
    from order_lines l
    join orders r on r.id = l.order_id
    where l.order_id in (select order_id from booked)
    window w as (partition by l.order_id order by l.id), o as (partition by l.order_id)
),
parts as (
    select b.order_id, b.kind, b.currency, l.ticket_type_id, l.tax_rate, l.reverse_charge, l.phase,
           case when l.total_all = 0 then round(b.total * l.n / l.n_all) - round(b.total * (l.n - 1) / l.n_all)
                else round(b.total * l.total_to / l.total_all) - round(b.total * (l.total_to - l.total) / l.total_all)
           end as total,
           case when l.tax_all = 0 then round(b.tax * l.n / l.n_all) - round(b.tax * (l.n - 1) / l.n_all)
                else round(b.tax * l.tax_to / l.tax_all) - round(b.tax * (l.tax_to - l.tax) / l.tax_all)
           end as tax,
           case when l.fee_all = 0 then round(b.fee * l.n / l.n_all) - round(b.fee * (l.n - 1) / l.n_all)
                else round(b.fee * l.fee_to / l.fee_all) - round(b.fee * (l.fee_to - l.fee) / l.fee_all)
           end as fee
    from booked b
    join lines l on l.order_id = b.order_id
)
select case when $5 = 'phase' then y.id::text || coalesce('/' || nullif(p.phase, ''), '')
            when $5 <> 'rate' then y.id::text
            -- No rate at all: the buyers owe the tax.
            when p.reverse_charge then 'reverse_charge'
            else lpad(p.tax_rate::text, 5, '0')
       end as "key!",
       case $5 when 'rate' then ''
               when 'phase' then concat_ws(' · ', v.title, y.name, nullif(p.phase, ''))
               else v.title || ' · ' || y.name end as "name!",
       p.currency as "currency!",
       count(distinct p.order_id) filter (where p.kind = 'sale') as "orders!",
       coalesce(sum(p.total) filter (where p.kind = 'sale'), 0)::bigint as "gross!",
       -coalesce(sum(p.total) filter (where p.kind = 'refund'), 0)::bigint as "refunded!",
       -coalesce(sum(p.total) filter (where p.kind = 'dispute'), 0)::bigint as "disputed!",
       -coalesce(sum(p.total) filter (where p.kind = 'dispute_cost'), 0)::bigint as "dispute_fees!",
       sum(p.tax)::bigint as "tax!",
       sum(p.fee)::bigint as "fees!",
       sum(p.total - p.tax - p.fee)::bigint as "net!"
from parts p
join ticket_types y on y.id = p.ticket_type_id
join events v on v.id = y.event_id
group by 1, 2, 3
order by 2, 1, 3
limit $7

with taken as (
    select p.id, p.organization_id, p.order_id, p.charge_ref, p.amount_minor, p.currency, p.updated_at as at, p.state
    from payments p
    where p.provider = $1 and p.state in ('succeeded', 'refunded')
),
charges as (
    select b.charge_ref, sum(case b.kind when 'charge' then 1 else -1 end) as n, min(b.reference) as reference,
           sum(coalesce(b.original_minor, b.amount_minor))::bigint as amount_minor,
           min(coalesce(b.original_currency, b.currency)) as currency, min(b.occurred_at) as at
    from provider_book b
    where b.provider = $1 and b.kind in ('charge', 'charge_failed')
    group by b.charge_ref, case when b.charge_ref is null then b.reference end
),
-- Each try by the provider's name for it; only the present one can have sent money that is gone.
sent as (
    -- One that went out of the money of several orders is a refund of each.
    select t.reference, min(r.organization_id::text)::uuid as organization_id, (array_agg(r.order_id order by t.part))[1] as order_id,
           sum(r.amount_minor)::bigint as amount_minor, min(r.currency) as currency, min(r.state) as state,
           max(coalesce(r.completed_at, r.sent_at, r.created_at)) as at
    from refund_tries t
    join refunds r on r.id = t.refund_id and r.attempt = t.attempt
    where t.provider = $1 and r.state in ('succeeded', 'pending')
    group by t.reference
),
gone as (
    select b.source as reference, sum(case b.kind when 'refund' then 1 else -1 end) as n, min(b.reference) as line,
           -sum(coalesce(b.original_minor, b.amount_minor))::bigint as amount_minor,
           min(coalesce(b.original_currency, b.currency)) as currency, min(b.occurred_at) as at,
           min(b.charge_ref) as charge_ref
    from provider_book b
    where b.provider = $1 and b.kind in ('refund', 'refund_back')
    group by b.source, case when b.source is null then b.reference end
),
-- What buyers' banks took away and gave back, payment by payment, and what the provider charges for that: it is booked with
-- the dispute.
taken_back as (
    select b.charge_ref, min(b.source) as reference, sum(b.amount_minor - b.fee_minor)::bigint as amount_minor, min(b.currency) as currency,
           max(b.occurred_at) as at
    from provider_book b
    where b.provider = $1 and b.kind in ('dispute', 'dispute_back')
    group by b.charge_ref, case when b.charge_ref is null then b.source end
),
disputed as (
    select t.order_id, min(t.organization_id::text)::uuid as organization_id, sum(e.amount_minor)::bigint as amount_minor,
           min(e.currency) as currency, max(t.occurred_at) as at
    from ledger_transactions t
    join ledger_entries e on e.transaction_id = t.id and e.account = 'provider_clearing'
    where t.kind = 'dispute'
      and exists (select from payments p where p.order_id = t.order_id and p.provider = $1)
    group by t.order_id
),
disputes as (
    select b.charge_ref, b.reference, b.amount_minor as theirs, b.currency as their_currency, b.at as theirs_at, o.organization_id,
           o.order_id, d.amount_minor as ours, d.currency as our_currency, d.at as ours_at
    from taken_back b
    left join lateral (
        select p.organization_id, p.order_id from payments p
        where p.provider = $1 and p.charge_ref = b.charge_ref order by p.id limit 1
    ) o on true
    left join disputed d on d.order_id = o.order_id
),
found as (
    select 'missing_there' as kind, coalesce(t.charge_ref, t.id::text) as subject, t.organization_id, t.order_id,
           jsonb_build_object('name', coalesce(t.charge_ref, t.id::text), 'what', 'payment ' || t.state,
                              'minor', t.amount_minor, 'currency', t.currency, 'at', t.at) as ours,
           null::jsonb as theirs
    from taken t
    left join charges c on c.charge_ref = t.charge_ref
    where coalesce(c.n, 0) < 1 and t.at < $2
    union all
    select 'missing_here', coalesce(c.charge_ref, c.reference), null, null, null,
           jsonb_build_object('name', c.reference, 'what', 'charge', 'minor', c.amount_minor, 'currency', c.currency, 'at', c.at)
    from charges c
    where c.n > 0 and c.at < $2
      and not exists (select from payments p where p.provider = $1 and p.charge_ref = c.charge_ref
                                               and p.state in ('succeeded', 'refunded', 'processing'))
    union all
    select case when c.n > 1 then 'twice_there' else 'amount_differs' end, c.charge_ref, t.organization_id, t.order_id,
           jsonb_build_object('name', t.charge_ref, 'what', 'payment ' || t.state, 'minor', t.amount_minor,
                              'currency', t.currency, 'at', t.at),
           jsonb_build_object('name', c.reference, 'what', 'charge', 'minor', c.amount_minor, 'currency', c.currency, 'at', c.at)
    from taken t
    join charges c on c.charge_ref = t.charge_ref
    where c.n > 1 or (c.n = 1 and (c.amount_minor <> t.amount_minor or c.currency <> t.currency))
    union all
    select 'twice_here', t.charge_ref, min(t.organization_id::text)::uuid, min(t.order_id::text)::uuid,
           jsonb_build_object('name', t.charge_ref, 'what', 'payments', 'minor', sum(t.amount_minor), 'currency',
                              min(t.currency), 'at', max(t.at)),
           null
    from taken t
    where t.charge_ref is not null
    group by t.charge_ref
    having count(*) > 1
    union all
    select 'missing_there', s.reference, s.organization_id, s.order_id,
           jsonb_build_object('name', s.reference, 'what', 'refund ' || s.state, 'minor', -s.amount_minor, 'currency',
                              s.currency, 'at', s.at),
           null
    from sent s
    left join gone g on g.reference = s.reference
    where s.state = 'succeeded' and s.at < $2 and coalesce(g.n, 0) < 1
    union all
    select 'missing_here', coalesce(g.reference, g.line), o.organization_id, o.order_id, null,
           jsonb_build_object('name', coalesce(g.reference, g.line), 'what', 'refund', 'minor', -g.amount_minor, 'currency',
                              g.currency, 'at', g.at)
    from gone g
    left join lateral (
        select p.organization_id, p.order_id from payments p
        where p.provider = $1 and p.charge_ref = g.charge_ref order by p.id limit 1
    ) o on true
    where g.n > 0 and g.at < $2 and not exists (select from sent s where s.reference = g.reference)
    union all
    select case when g.n > 1 then 'twice_there' else 'amount_differs' end, s.reference, s.organization_id, s.order_id,
           jsonb_build_object('name', s.reference, 'what', 'refund ' || s.state, 'minor', -s.amount_minor, 'currency',
                              s.currency, 'at', s.at),
           jsonb_build_object('name', g.line, 'what', 'refund', 'minor', -g.amount_minor, 'currency', g.currency, 'at', g.at)
    from sent s
    join gone g on g.reference = s.reference
    where g.n > 1 or (g.n = 1 and (g.amount_minor <> s.amount_minor or g.currency <> s.currency))
    union all
    select case when d.ours is null then 'missing_here' else 'amount_differs' end, d.reference, d.organization_id, d.order_id,
           case when d.ours is not null then
               jsonb_build_object('name', d.reference, 'what', 'dispute', 'minor', d.ours, 'currency', d.our_currency,
                                  'at', d.ours_at)
           end,
           jsonb_build_object('name', d.reference, 'what', 'dispute', 'minor', d.theirs, 'currency', d.their_currency,
                              'at', d.theirs_at)
    from disputes d
    where d.theirs_at < $2 and d.reference is not null
      and (d.ours is null and d.theirs <> 0 or d.ours <> d.theirs or d.our_currency <> d.their_currency)
    union all
    select 'missing_there', 'dispute of ' || d.order_id, d.organization_id, d.order_id,
           jsonb_build_object('name', d.order_id, 'what', 'dispute', 'minor', d.amount_minor, 'currency', d.currency,
                              'at', d.at),
           null
    from disputed d
    where d.at < $2 and d.amount_minor <> 0 and not exists (select from disputes t where t.order_id = d.order_id)
    union all
    select 'unknown_line', b.reference, null, null, null,
           jsonb_build_object('name', b.reference, 'what', b.name, 'minor', b.amount_minor - b.fee_minor, 'currency',
                              b.currency, 'at', b.occurred_at)
    from provider_book b
    where b.provider = $1 and b.kind = 'other' and b.amount_minor <> b.fee_minor
)
select kind as "kind!", subject as "subject!", organization_id, order_id, ours, theirs
from found
order by subject, kind
limit $3

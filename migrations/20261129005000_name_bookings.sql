-- What a booking counts as in figures, said once for all of them.
--
-- Tickets given in for others are a sale in the order they pay for, and money back in the one they leave. What the provider charges
-- for a dispute is booked with it, under a name of its own, and is no money that a buyer's bank took.
create function booked_as(kind text, refund_id uuid, reference text) returns text
language sql immutable parallel safe
return case
    when kind = 'exchange' and refund_id is null then 'sale'
    when kind = 'exchange' then 'refund'
    when kind = 'dispute' and reference like '%|cost' then 'dispute_cost'
    else kind
end;

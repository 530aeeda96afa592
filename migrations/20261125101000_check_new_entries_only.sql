-- What is written to the ledger at once sums to zero by itself: it is enough to look at the new entries. Looking for
-- others of the same transaction read ever more of the ledger.

create or replace function ledger_entries_sum_zero() returns trigger language plpgsql as $$
declare
    wrong uuid;
begin
    select f.transaction_id into wrong
    from fresh f
    group by f.transaction_id, f.currency
    having sum(f.amount_minor) <> 0
    limit 1;
    if found then
        raise exception 'ledger transaction % does not sum to zero', wrong
            using errcode = 'check_violation', constraint = 'ledger_entries_sum_zero_check';
    end if;
    return null;
end
$$;

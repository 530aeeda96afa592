-- The entries of a ledger transaction are written in one statement, so their sum is checked once per statement instead
-- of once per entry at the end of the transaction.

drop trigger ledger_entries_sum_zero_check on ledger_entries;
drop function ledger_entries_sum_zero();

create function ledger_entries_sum_zero() returns trigger language plpgsql as $$
declare
    wrong uuid;
begin
    select e.transaction_id into wrong
    from ledger_entries e
    where e.transaction_id in (select f.transaction_id from fresh f)
    group by e.transaction_id, e.currency
    having sum(e.amount_minor) <> 0
    limit 1;
    if found then
        raise exception 'ledger transaction % does not sum to zero', wrong
            using errcode = 'check_violation', constraint = 'ledger_entries_sum_zero_check';
    end if;
    return null;
end
$$;
create trigger ledger_entries_sum_zero_check
    after insert on ledger_entries
    referencing new table as fresh
    for each statement execute function ledger_entries_sum_zero();

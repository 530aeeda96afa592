-- The books hold more than sales and refunds: fees, tax, disputes, costs, reserves and payouts. What of an order's total is
-- tax, and what the platform's fee, is known from the moment it is placed.

alter table orders
    add column tax_minor bigint not null default 0,
    add column fee_minor bigint not null default 0,
    add constraint orders_parts_check check (tax_minor between 0 and total_minor and fee_minor between 0 and total_minor);

alter table ledger_transactions
    add column payout_id uuid,
    add column dispute_id uuid,
    -- The provider's name for what happened: it is booked once, however often it is told.
    add column reference text,
    add column note text not null default '',
    add column booked_by uuid,
    drop constraint ledger_transactions_kind_check,
    add constraint ledger_transactions_kind_check
        check (kind in ('sale', 'refund', 'dispute', 'cost', 'reserve', 'payout', 'transfer', 'adjustment'));
create unique index ledger_transactions_kind_reference_key on ledger_transactions (kind, reference)
    where reference is not null;

alter table ledger_entries add constraint ledger_entries_account_check check (account in (
    'provider_clearing', 'bank', 'organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable',
    'refunds_payable', 'platform_fees', 'provider_costs'));
-- Balances are sums over an account; the sum reads the index alone.
drop index ledger_entries_account_idx;
create index ledger_entries_account_idx on ledger_entries (organization_id, account, currency) include (amount_minor);

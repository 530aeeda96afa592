-- Corrections of what an organization is owed, each with its reason: a mistake in the books is mended by another booking.

create table adjustments (
    id uuid not null,
    organization_id uuid not null,
    -- Above zero: for the organization.
    amount_minor bigint not null,
    currency text not null,
    reason text not null,
    made_by uuid not null,
    made_at timestamptz not null,
    constraint adjustments_pkey primary key (id),
    constraint adjustments_amount_minor_check check (amount_minor <> 0),
    constraint adjustments_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint adjustments_reason_check check (char_length(reason) between 10 and 300),
    constraint adjustments_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint adjustments_made_by_fkey foreign key (made_by) references users (id)
);
create index adjustments_organization_id_idx on adjustments (organization_id, made_at desc);
create index adjustments_made_by_idx on adjustments (made_by);

alter table adjustments enable row level security;
alter table adjustments force row level security;
create policy adjustments_tenant on adjustments
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));
grant select, insert on adjustments to bilten_app;

alter table ledger_entries
    drop constraint ledger_entries_account_check,
    add constraint ledger_entries_account_check check (account in (
        'provider_clearing', 'bank', 'organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable',
        'refunds_payable', 'platform_fees', 'provider_costs', 'exchange', 'adjustments')) not valid;

alter table ledger_transactions
    add column adjustment_id uuid,
    add constraint ledger_transactions_adjustment_id_fkey foreign key (adjustment_id) references adjustments (id) not valid;

-- Money on its way to organizers, and the account it goes to.

alter table organizations
    add column payout_schedule text not null default 'manual',
    -- When the schedule is due next.
    add column payout_due_at timestamptz,
    add column reserve_percent smallint not null default 0,
    add column reserve_days_after smallint not null default 0,
    add constraint organizations_payout_schedule_check check (payout_schedule in ('manual', 'weekly', 'monthly')),
    add constraint organizations_reserve_check
        check (reserve_percent between 0 and 100 and reserve_days_after between 0 and 365);
create index organizations_payout_due_at_idx on organizations (payout_due_at) where payout_due_at is not null;

create table payout_accounts (
    organization_id uuid not null,
    holder text not null,
    -- Number and bank code, sealed.
    sealed bytea not null,
    last_four text not null,
    created_at timestamptz not null,
    created_by uuid not null,
    constraint payout_accounts_pkey primary key (organization_id),
    constraint payout_accounts_holder_check check (char_length(holder) between 1 and 70),
    constraint payout_accounts_organization_id_fkey foreign key (organization_id) references organizations (id)
);

create table payouts (
    id uuid not null,
    organization_id uuid not null,
    -- 1, 2, 3 … of the organization.
    number integer not null,
    currency text not null,
    amount_minor bigint not null,
    -- What was owed when the statement before it ended, and what is still owed when this one does.
    opening_minor bigint not null,
    closing_minor bigint not null,
    state text not null,
    -- The account as it was when the payout was asked for.
    holder text not null,
    sealed bytea not null,
    last_four text not null,
    -- Nobody: the schedule asked.
    requested_by uuid,
    requested_at timestamptz not null,
    ended_by uuid,
    ended_at timestamptz,
    -- What the bank calls the transfer, or why there is none.
    reference text not null default '',
    constraint payouts_pkey primary key (id),
    constraint payouts_organization_id_number_key unique (organization_id, number),
    constraint payouts_organization_id_id_key unique (organization_id, id),
    constraint payouts_amount_minor_check check (amount_minor > 0),
    constraint payouts_state_check check (state in ('requested', 'sent', 'called_off')),
    constraint payouts_ended_at_check check ((state = 'requested') = (ended_at is null)),
    constraint payouts_organization_id_fkey foreign key (organization_id) references organizations (id)
);
-- One at a time: the next one waits until this one has left.
create unique index payouts_organization_id_currency_requested_key on payouts (organization_id, currency)
    where state = 'requested';
create index payouts_requested_at_idx on payouts (requested_at, id) where state = 'requested';

-- Which bookings a payout's statement lists: each booking is in one statement at most.
create table payout_items (
    transaction_id uuid not null,
    organization_id uuid not null,
    payout_id uuid not null,
    constraint payout_items_pkey primary key (transaction_id),
    constraint payout_items_transaction_id_fkey foreign key (transaction_id) references ledger_transactions (id),
    constraint payout_items_organization_id_payout_id_fkey foreign key (organization_id, payout_id)
        references payouts (organization_id, id)
);
create index payout_items_payout_id_idx on payout_items (payout_id);

alter table ledger_transactions
    add constraint ledger_transactions_payout_id_fkey foreign key (payout_id) references payouts (id);
create index ledger_transactions_payout_id_idx on ledger_transactions (payout_id) where payout_id is not null;

create trigger payout_items_append_only before update or delete on payout_items
    for each row execute function refuse_change();

grant select, insert, update, delete on payout_accounts, payouts, payout_items to bilten_app;
revoke delete on payouts from bilten_app;
revoke update, delete on payout_items from bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['payout_accounts', 'payouts', 'payout_items'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;

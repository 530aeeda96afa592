-- Organizers connect an account of their own at the payment provider. What is agreed decides whether buyers' money goes straight
-- there; payouts of the platform's own books can be sent there too.

alter table organizations
    -- What the platform has agreed with it.
    add column money_goes text not null default 'platform',
    add constraint organizations_money_goes_check check (money_goes in ('platform', 'straight'));

create table connected_accounts (
    id uuid not null,
    organization_id uuid not null,
    provider text not null,
    -- The provider's name for it, once it is made.
    account_ref text,
    country text not null,
    -- What the provider said of it last, and when that was so.
    told_at timestamptz,
    submitted boolean not null default false,
    charges boolean not null default false,
    payouts boolean not null default false,
    transfers boolean not null default false,
    checking boolean not null default false,
    asked text[] not null default '{}',
    overdue text[] not null default '{}',
    deadline timestamptz,
    disabled text not null default '',
    was_ready boolean not null default false,
    gone_at timestamptz,
    -- When the provider was asked about it last; nothing: it should be.
    asked_at timestamptz,
    created_at timestamptz not null,
    created_by uuid,
    constraint connected_accounts_pkey primary key (id),
    constraint connected_accounts_country_check check (country ~ '^[A-Z]{2}$'),
    constraint connected_accounts_organization_id_fkey foreign key (organization_id) references organizations (id)
);
-- Whoever cuts the connection and connects again gets another account.
create unique index connected_accounts_organization_id_provider_key on connected_accounts (organization_id, provider)
    where gone_at is null;
create unique index connected_accounts_provider_account_ref_key on connected_accounts (provider, account_ref);

-- The account that a payment's money went to: what is agreed later does not touch it.
alter table payments add column straight_to text;

alter table refunds
    -- The provider has taken the organizer's part back from their account.
    add column recalled_at timestamptz,
    -- The platform's fee of it is back on the organizer's account.
    add column fee_returned_at timestamptz;
create index refunds_fee_due_idx on refunds (recalled_at) where recalled_at is not null and fee_returned_at is null;

alter table payouts
    -- The connected account it is being sent to; whether that has come about is not known yet.
    add column sending_to text,
    add column sending_at timestamptz,
    add column sending_by uuid,
    add column sending_attempt integer not null default 0,
    -- Why the provider did not send it, in its words.
    add column sending_failure text not null default '';

alter table ledger_transactions
    drop constraint ledger_transactions_kind_check,
    add constraint ledger_transactions_kind_check
        check (kind in ('sale', 'refund', 'dispute', 'cost', 'reserve', 'payout', 'transfer', 'adjustment', 'straight'));

grant select, insert, update, delete on connected_accounts to bilten_app;

alter table connected_accounts enable row level security;
alter table connected_accounts force row level security;
create policy connected_accounts_tenant on connected_accounts
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));

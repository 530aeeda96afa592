-- Tickets of a paid order are given in for tickets of a new one, whose price they pay in part or whole.

-- Until when, for which fee, and whether a difference goes back; null: buyers may not change their tickets.
alter table events add column change_terms jsonb;
alter table orders
    -- As agreed to.
    add column change_terms jsonb,
    -- What tickets that were given in pay of it. Nothing of it is there before the order is paid.
    add column credit_minor bigint not null default 0,
    -- Of that, what banks hold: the payment it came from is disputed.
    add column withheld_minor bigint not null default 0,
    add constraint orders_credit_minor_check check (credit_minor >= 0 and credit_minor <= total_minor) not valid,
    add constraint orders_withheld_minor_check check (withheld_minor >= 0 and withheld_minor <= credit_minor) not valid;

-- It went into another order and never left.
alter table refunds add column exchanged_to uuid,
    add constraint refunds_exchanged_to_fkey foreign key (exchanged_to) references orders (id);
create index refunds_exchanged_to_idx on refunds (exchanged_to) where exchanged_to is not null;

alter table ledger_transactions
    drop constraint ledger_transactions_kind_check,
    add constraint ledger_transactions_kind_check check (kind in (
        'sale', 'refund', 'dispute', 'cost', 'reserve', 'payout', 'transfer', 'adjustment', 'straight', 'exchange'));
alter table ledger_entries
    drop constraint ledger_entries_account_check,
    add constraint ledger_entries_account_check check (account in (
        'provider_clearing', 'bank', 'organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable',
        'refunds_payable', 'platform_fees', 'provider_costs', 'exchange'));

-- What an order is to be paid with besides money: the tickets keep admitting until it is paid.
create table exchanges (
    order_id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    from_order_id uuid not null,
    tickets uuid[] not null,
    -- What the tickets count for, after the fee; part of it pays the new order, part goes back, the rest stays.
    value_minor bigint not null,
    fee_minor bigint not null,
    back_minor bigint not null,
    -- A member of the team; null: the buyer.
    asked_by uuid,
    created_at timestamptz not null,
    -- From then on the tickets are given in.
    settled_at timestamptz,
    -- Money came, and the tickets could not be given in any more.
    failed_at timestamptz,
    constraint exchanges_pkey primary key (order_id),
    constraint exchanges_minor_check check (value_minor >= 0 and fee_minor >= 0 and back_minor >= 0 and back_minor <= value_minor),
    constraint exchanges_order_id_fkey foreign key (order_id) references orders (id),
    constraint exchanges_from_order_id_fkey foreign key (from_order_id) references orders (id),
    constraint exchanges_asked_by_fkey foreign key (asked_by) references users (id),
    constraint exchanges_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index exchanges_from_order_id_idx on exchanges (from_order_id);
create index exchanges_asked_by_idx on exchanges (asked_by) where asked_by is not null;

grant select, insert, update on exchanges to bilten_app;
alter table exchanges enable row level security;
alter table exchanges force row level security;
create policy exchanges_tenant on exchanges using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));
create policy exchanges_events on exchanges as restrictive
    using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id));

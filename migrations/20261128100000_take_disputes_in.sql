-- A buyer's bank can take a payment back. What it takes is not there any more, and the tickets wait for its decision.

create table disputes (
    id uuid not null,
    organization_id uuid not null,
    order_id uuid not null,
    payment_id uuid not null,
    provider text not null,
    -- The provider's name of it.
    reference text not null,
    state text not null,
    reason text not null,
    -- What is disputed.
    amount_minor bigint not null,
    currency text not null,
    -- What of it the provider holds now.
    taken_minor bigint not null default 0,
    -- The tax in what is lost.
    tax_back_minor bigint not null default 0,
    answer_by timestamptz,
    opened_at timestamptz not null,
    decided_at timestamptz,
    -- The last time that evidence went to the provider.
    answered_at timestamptz,
    answered_by uuid,
    -- What the organizer adds to the evidence.
    statement text not null default '',
    asked_at timestamptz,
    constraint disputes_pkey primary key (id),
    constraint disputes_provider_reference_key unique (provider, reference),
    constraint disputes_organization_id_id_key unique (organization_id, id),
    constraint disputes_state_check check (state in (
        'inquiry', 'inquiry_answered', 'inquiry_closed', 'needs_answer', 'under_review', 'lost', 'won')),
    constraint disputes_amount_minor_check check (amount_minor >= 0),
    constraint disputes_statement_check check (char_length(statement) <= 5000),
    constraint disputes_order_id_fkey foreign key (order_id) references orders (id),
    constraint disputes_payment_id_fkey foreign key (payment_id) references payments (id)
);
create index disputes_organization_id_opened_at_idx on disputes (organization_id, opened_at, id);
create index disputes_order_id_idx on disputes (order_id);
create index disputes_payment_id_idx on disputes (payment_id);
create index disputes_open_idx on disputes (provider, asked_at)
    where state in ('inquiry', 'inquiry_answered', 'needs_answer', 'under_review');

-- What the provider has moved because of a dispute, each movement once. Below zero: given back.
create table dispute_moves (
    provider text not null,
    reference text not null,
    organization_id uuid not null,
    dispute_id uuid not null,
    taken_minor bigint not null,
    currency text not null,
    cost_minor bigint not null,
    cost_currency text not null,
    booked_at timestamptz not null,
    constraint dispute_moves_pkey primary key (provider, reference),
    constraint dispute_moves_organization_id_dispute_id_fkey foreign key (organization_id, dispute_id)
        references disputes (organization_id, id)
);
create index dispute_moves_dispute_id_idx on dispute_moves (dispute_id);

-- What happened to a dispute, in order.
create table dispute_steps (
    id uuid not null,
    organization_id uuid not null,
    dispute_id uuid not null,
    -- A state that it came to, or what somebody did: 'answered', 'accepted'.
    what text not null,
    at timestamptz not null,
    -- Nobody: the provider told.
    by_user uuid,
    constraint dispute_steps_pkey primary key (id),
    constraint dispute_steps_organization_id_dispute_id_fkey foreign key (organization_id, dispute_id)
        references disputes (organization_id, id)
);
create index dispute_steps_dispute_id_idx on dispute_steps (dispute_id, at);

-- The evidence as it was sent, part by part.
create table dispute_evidence (
    dispute_id uuid not null,
    organization_id uuid not null,
    part text not null,
    body text not null,
    sent_at timestamptz not null,
    constraint dispute_evidence_pkey primary key (dispute_id, part),
    constraint dispute_evidence_organization_id_dispute_id_fkey foreign key (organization_id, dispute_id)
        references disputes (organization_id, id)
);

alter table ledger_transactions
    add constraint ledger_transactions_dispute_id_fkey foreign key (dispute_id) references disputes (id);
create index ledger_transactions_dispute_id_idx on ledger_transactions (dispute_id) where dispute_id is not null;

alter table orders
    -- What banks hold of the money now, and what of that is lost for good.
    add column disputed_minor bigint not null default 0,
    add column lost_minor bigint not null default 0,
    -- Its tickets do not admit until the bank has decided.
    add column blocked boolean not null default false,
    add column block_changed_at timestamptz;

alter table organizations
    add column dispute_tickets text not null default 'block',
    add constraint organizations_dispute_tickets_check check (dispute_tickets in ('block', 'keep'));

grant select, insert, update on disputes to bilten_app;
grant select, insert on dispute_moves, dispute_steps to bilten_app;
grant select, insert, update, delete on dispute_evidence to bilten_app;

create trigger dispute_moves_append_only before update or delete on dispute_moves
    for each row execute function refuse_change();
create trigger dispute_steps_append_only before update or delete on dispute_steps
    for each row execute function refuse_change();

do $$
declare
    name text;
begin
    foreach name in array array['disputes', 'dispute_moves', 'dispute_steps', 'dispute_evidence'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;

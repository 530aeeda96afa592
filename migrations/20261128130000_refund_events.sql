-- Money of a whole event goes back: one run, with a row for every order that says what became of it; and the right to give
-- tickets back for a while, after an event was postponed or moved.

create table refund_runs (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    -- Called off for good, or postponed or moved to another date.
    cause text not null,
    -- Told to the buyers.
    reason text not null,
    state text not null,
    started_by uuid,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint refund_runs_pkey primary key (id),
    constraint refund_runs_organization_id_id_key unique (organization_id, id),
    constraint refund_runs_cause_check check (cause in ('cancelled', 'moved')),
    constraint refund_runs_state_check check (state in ('working', 'done')),
    constraint refund_runs_finished_at_check check ((state = 'done') = (finished_at is not null)),
    constraint refund_runs_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint refund_runs_started_by_fkey foreign key (started_by) references users (id)
);
-- One at a time, and for an event that was called off one for ever.
create unique index refund_runs_event_id_working_key on refund_runs (event_id) where state = 'working';
create unique index refund_runs_event_id_cancelled_key on refund_runs (event_id) where cause = 'cancelled';
create index refund_runs_event_id_idx on refund_runs (event_id, created_at desc);
create index refund_runs_started_by_idx on refund_runs (started_by);

create table refund_run_orders (
    run_id uuid not null,
    order_id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    state text not null,
    -- Why it was skipped or failed.
    why text not null default '',
    -- What goes back.
    amount_minor bigint not null default 0,
    currency text not null,
    refund_id uuid,
    changed_at timestamptz not null,
    constraint refund_run_orders_pkey primary key (run_id, order_id),
    constraint refund_run_orders_state_check check (state in ('waiting', 'done', 'failed', 'skipped')),
    constraint refund_run_orders_amount_minor_check check (amount_minor >= 0),
    constraint refund_run_orders_organization_id_run_id_fkey foreign key (organization_id, run_id)
        references refund_runs (organization_id, id),
    constraint refund_run_orders_order_id_fkey foreign key (order_id) references orders (id),
    constraint refund_run_orders_refund_id_fkey foreign key (refund_id) references refunds (id)
);
create index refund_run_orders_waiting_idx on refund_run_orders (run_id, order_id) where state = 'waiting';
create index refund_run_orders_order_id_idx on refund_run_orders (order_id);
create index refund_run_orders_refund_id_idx on refund_run_orders (refund_id);

create table give_back_offers (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    -- There is a new date; otherwise there is none yet.
    moved boolean not null,
    -- Until when tickets may be given back. Who says nothing keeps theirs.
    until timestamptz not null,
    made_by uuid,
    created_at timestamptz not null,
    -- Another one took its place, or the event was called off.
    ended_at timestamptz,
    constraint give_back_offers_pkey primary key (id),
    constraint give_back_offers_organization_id_id_key unique (organization_id, id),
    constraint give_back_offers_until_check check (until > created_at),
    constraint give_back_offers_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint give_back_offers_made_by_fkey foreign key (made_by) references users (id)
);
create unique index give_back_offers_event_id_open_key on give_back_offers (event_id) where ended_at is null;
create index give_back_offers_made_by_idx on give_back_offers (made_by);

create table give_back_answers (
    offer_id uuid not null,
    order_id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    answer text not null,
    refund_id uuid,
    answered_at timestamptz not null,
    constraint give_back_answers_pkey primary key (offer_id, order_id),
    constraint give_back_answers_answer_check check (answer in ('keep', 'give_back')),
    constraint give_back_answers_organization_id_offer_id_fkey foreign key (organization_id, offer_id)
        references give_back_offers (organization_id, id),
    constraint give_back_answers_order_id_fkey foreign key (order_id) references orders (id),
    constraint give_back_answers_refund_id_fkey foreign key (refund_id) references refunds (id)
);
create index give_back_answers_order_id_idx on give_back_answers (order_id);

-- Whose money a bank holds.
create index ledger_transactions_dispute_idx on ledger_transactions (order_id) where kind = 'dispute';

grant select, insert, update on refund_runs, refund_run_orders, give_back_offers, give_back_answers to bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['refund_runs', 'refund_run_orders', 'give_back_offers', 'give_back_answers'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
        execute format(
            'create policy %I on %I as restrictive using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id))',
            name || '_events', name);
    end loop;
end
$$;

-- The payment provider keeps a book of its own. Ours is held against it every night; what does not agree becomes a case.

-- What the provider charges or moves without an order is the platform's own.
alter table ledger_transactions alter column organization_id drop not null;
alter table ledger_entries alter column organization_id drop not null;

-- Its lines, each once. They never change; only whether a line was booked.
create table provider_book (
    provider text not null,
    reference text not null,
    kind text not null,
    -- In the provider's words.
    name text not null,
    currency text not null,
    -- Before the fee; below nothing where money was taken away.
    amount_minor bigint not null,
    fee_minor bigint not null,
    -- What the buyer paid or got back, where the provider changed the currency.
    original_minor bigint,
    original_currency text,
    -- The charge, refund, dispute or payout that it comes from, and the payment that this belongs to.
    source text,
    charge_ref text,
    occurred_at timestamptz not null,
    kept_at timestamptz not null,
    booked_at timestamptz,
    constraint provider_book_pkey primary key (provider, reference),
    constraint provider_book_kind_check check (kind in ('charge', 'charge_failed', 'refund', 'refund_back', 'dispute',
                                                        'dispute_back', 'fee', 'payout', 'payout_back', 'straight', 'other')),
    constraint provider_book_original_check check ((original_minor is null) = (original_currency is null))
);
create index provider_book_charge_ref_idx on provider_book (provider, charge_ref) where charge_ref is not null;
create index provider_book_source_idx on provider_book (provider, source) where source is not null;
create index provider_book_unbooked_idx on provider_book (provider, occurred_at) where booked_at is null;

-- How far it was read.
create table provider_book_reads (
    provider text not null,
    -- Everything up to then was read once.
    read_to timestamptz,
    -- The walk that goes on, from the newest line backwards: since when, when it began, and after which line it goes on.
    walk_from timestamptz,
    walk_began_at timestamptz,
    walk_after text,
    -- Whoever reads has it until then.
    leased_until timestamptz,
    constraint provider_book_reads_pkey primary key (provider)
);

create table finance_comparisons (
    id uuid not null,
    provider text not null,
    state text not null,
    -- Nobody: it was time.
    asked_by uuid,
    asked_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    -- How many payments and refunds of ours, and how many lines of theirs, were held against each other.
    ours bigint not null default 0,
    theirs bigint not null default 0,
    -- Cases that are open after it.
    open_cases bigint not null default 0,
    error text not null default '',
    constraint finance_comparisons_pkey primary key (id),
    constraint finance_comparisons_state_check check (state in ('wanted', 'running', 'done', 'failed')),
    constraint finance_comparisons_ended_at_check check ((state in ('done', 'failed')) = (ended_at is not null)),
    constraint finance_comparisons_asked_by_fkey foreign key (asked_by) references users (id)
);
create unique index finance_comparisons_provider_key on finance_comparisons (provider)
    where state in ('wanted', 'running');
create index finance_comparisons_provider_asked_at_idx on finance_comparisons (provider, asked_at desc);
create index finance_comparisons_asked_by_idx on finance_comparisons (asked_by);

-- One case for one thing that does not agree, for ever: a difference that comes back opens it again.
create table finance_cases (
    id uuid not null,
    provider text not null,
    kind text not null,
    -- What it is about, as the provider or our books name it.
    subject text not null,
    organization_id uuid,
    order_id uuid,
    ours jsonb,
    theirs jsonb,
    state text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    solved_at timestamptz,
    -- How often it was found anew.
    times integer not null default 1,
    note text not null default '',
    explained_by uuid,
    explained_at timestamptz,
    constraint finance_cases_pkey primary key (id),
    constraint finance_cases_provider_kind_subject_key unique (provider, kind, subject),
    constraint finance_cases_state_check check (state in ('open', 'explained', 'solved')),
    constraint finance_cases_solved_at_check check ((state = 'solved') = (solved_at is not null)),
    constraint finance_cases_note_check check (char_length(note) <= 1000),
    constraint finance_cases_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint finance_cases_order_id_fkey foreign key (order_id) references orders (id),
    constraint finance_cases_explained_by_fkey foreign key (explained_by) references users (id)
);
create index finance_cases_last_seen_at_idx on finance_cases (last_seen_at desc, id desc);
create index finance_cases_organization_id_idx on finance_cases (organization_id);
create index finance_cases_order_id_idx on finance_cases (order_id);
create index finance_cases_explained_by_idx on finance_cases (explained_by);

grant select, insert on provider_book to bilten_app;
grant update (booked_at) on provider_book to bilten_app;
grant select, insert, update on provider_book_reads, finance_comparisons, finance_cases to bilten_app;

-- The platform's own affairs.
do $$
declare
    name text;
begin
    foreach name in array array['provider_book', 'provider_book_reads', 'finance_comparisons', 'finance_cases'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_scope() in (''system'', ''platform'')) with check (bilten_scope() in (''system'', ''platform''))',
            name || '_platform', name);
    end loop;
end
$$;

-- A real provider tells late, twice and in any order; it can be asked; refunds take time there, fail later, and may be made
-- with its own tools.

alter table payments
    -- The provider's name of the money itself; provider_ref is its name of the page on which it is paid.
    add column charge_ref text,
    -- Where the buyer pays, while that can be done.
    add column page_url text,
    -- Nothing more can come of it: nobody can pay on its page any more, and no money is on its way.
    add column closed_at timestamptz,
    -- When the provider was asked about it last.
    add column asked_at timestamptz;
create index payments_charge_ref_idx on payments (provider, charge_ref) where charge_ref is not null;
-- What there is to ask about.
create index payments_open_idx on payments (provider, created_at) where closed_at is null;
-- What came before was settled by the sandbox, which is never asked.
update payments set closed_at = updated_at where state in ('succeeded', 'refunded');

alter table refunds
    -- Which try this is; each is a deed of its own for the provider.
    add column attempt integer not null default 1,
    -- The provider has taken the present try on.
    add column sent_at timestamptz,
    -- In the provider's words.
    add column failure_reason text not null default '',
    add column asked_at timestamptz;
update refunds set sent_at = completed_at where state = 'succeeded';
create index refunds_pending_idx on refunds (created_at) where state = 'pending';

-- Every try by the provider's name for it, so that late news of an earlier one are known as such.
create table refund_tries (
    provider text not null,
    reference text not null,
    organization_id uuid not null,
    refund_id uuid not null,
    attempt integer not null,
    constraint refund_tries_pkey primary key (provider, reference),
    constraint refund_tries_refund_id_fkey foreign key (refund_id) references refunds (id)
);
create index refund_tries_refund_id_idx on refund_tries (refund_id);
insert into refund_tries (provider, reference, organization_id, refund_id, attempt)
select p.provider, r.provider_ref, r.organization_id, r.id, 1
from refunds r join payments p on p.id = r.payment_id
where r.provider_ref is not null
on conflict do nothing;

-- What providers told us, proven to be theirs: kept before it is answered, taken in once.
create table provider_events (
    provider text not null,
    event_id text not null,
    kind text not null,
    -- What it says, without anything about people; nothing where it does not concern us.
    told jsonb,
    outcome text not null,
    received_at timestamptz not null,
    taken_in_at timestamptz,
    attempts integer not null default 0,
    next_try_at timestamptz not null,
    last_error text,
    constraint provider_events_pkey primary key (provider, event_id),
    constraint provider_events_outcome_check check (outcome in ('waiting', 'done', 'ignored', 'dead'))
);
create index provider_events_waiting_idx on provider_events (next_try_at) where outcome = 'waiting';
create index provider_events_received_at_idx on provider_events (received_at);

grant select, insert on refund_tries to bilten_app;
grant select, insert, update, delete on provider_events to bilten_app;

alter table refund_tries enable row level security;
alter table refund_tries force row level security;
create policy refund_tries_tenant on refund_tries
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));

-- Whose they are is known only once they are taken in.
alter table provider_events enable row level security;
alter table provider_events force row level security;
create policy provider_events_machine on provider_events
    using (bilten_scope() in ('system', 'platform')) with check (bilten_scope() in ('system', 'platform'));

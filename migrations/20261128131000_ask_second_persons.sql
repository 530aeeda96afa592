-- Above a limit, money goes back only when a second member agrees.

create table approval_limits (
    organization_id uuid not null,
    currency text not null,
    limit_minor bigint not null,
    set_by uuid,
    set_at timestamptz not null,
    constraint approval_limits_pkey primary key (organization_id, currency),
    constraint approval_limits_limit_minor_check check (limit_minor >= 0),
    constraint approval_limits_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint approval_limits_set_by_fkey foreign key (set_by) references users (id)
);
create index approval_limits_set_by_idx on approval_limits (set_by);

create table approvals (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    -- Money of one order, or of all orders of the event.
    order_id uuid,
    -- What was asked for, and what it would do, as it was shown.
    request jsonb not null,
    preview jsonb not null,
    amount_minor bigint not null,
    currency text not null,
    reason text not null default '',
    state text not null default 'waiting',
    asked_by uuid not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    decision_reason text not null default '',
    constraint approvals_pkey primary key (id),
    constraint approvals_state_check check (state in ('waiting', 'approved', 'declined', 'expired', 'overtaken')),
    constraint approvals_decided_by_check check (state <> 'approved' or decided_by is not null and decided_by <> asked_by),
    constraint approvals_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint approvals_order_id_fkey foreign key (order_id) references orders (id),
    constraint approvals_asked_by_fkey foreign key (asked_by) references users (id),
    constraint approvals_decided_by_fkey foreign key (decided_by) references users (id)
);
-- A second click, or a second member, asks for nothing more.
create unique index approvals_order_id_waiting_key on approvals (order_id) where state = 'waiting' and order_id is not null;
create unique index approvals_event_id_waiting_key on approvals (event_id) where state = 'waiting' and order_id is null;
create index approvals_organization_id_asked_at_idx on approvals (organization_id, asked_at desc, id desc);
create index approvals_order_id_idx on approvals (order_id);
create index approvals_asked_by_idx on approvals (asked_by);
create index approvals_decided_by_idx on approvals (decided_by);

grant select, insert, update, delete on approval_limits to bilten_app;
grant select, insert, update on approvals to bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['approval_limits', 'approvals'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;
create policy approvals_events on approvals as restrictive
    using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id));

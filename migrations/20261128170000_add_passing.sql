-- Tickets go over to other people: whoever has one names somebody, who accepts by a link; the old code ends and a new one is made.

alter table events
    add column passing_allowed boolean not null default true,
    -- Until so many hours before the start.
    add column passing_hours_before smallint not null default 0,
    -- How often one place may change hands.
    add column passing_most smallint not null default 3,
    add constraint events_passing_hours_before_check check (passing_hours_before between 0 and 8760) not valid,
    add constraint events_passing_most_check check (passing_most between 1 and 10) not valid;

-- How often its place changed hands before; above nothing, its holder is not the buyer, who does not see its code.
alter table tickets
    add column passed_on smallint not null default 0;

create table handovers (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    order_id uuid not null,
    -- What is given.
    ticket_id uuid not null,
    recipient_name text not null,
    recipient_email text not null,
    -- Of whoever offers, until the recipient shows theirs.
    locale text not null,
    -- SHA-256 of the secret in the recipient's link; the secret itself is derived, not stored.
    secret_hash bytea not null,
    state text not null default 'pending',
    created_at timestamptz not null,
    -- Until when it can be accepted.
    expires_at timestamptz not null,
    decided_at timestamptz,
    -- What the recipient has since.
    new_ticket_id uuid,
    -- SHA-256 of the secret in the address of the new ticket.
    holder_hash bytea,
    constraint handovers_pkey primary key (id),
    constraint handovers_secret_hash_key unique (secret_hash),
    constraint handovers_holder_hash_key unique (holder_hash),
    constraint handovers_state_check check (state in ('pending', 'accepted', 'declined', 'taken_back', 'expired')),
    constraint handovers_decided_check check ((state = 'pending') = (decided_at is null)),
    constraint handovers_accepted_check
        check ((state = 'accepted') = (new_ticket_id is not null) and (new_ticket_id is null) = (holder_hash is null)),
    constraint handovers_recipient_name_check check (char_length(recipient_name) <= 120),
    constraint handovers_order_id_fkey foreign key (order_id) references orders (id),
    constraint handovers_ticket_id_fkey foreign key (ticket_id) references tickets (id),
    constraint handovers_new_ticket_id_fkey foreign key (new_ticket_id) references tickets (id),
    constraint handovers_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index handovers_order_id_idx on handovers (order_id);
create index handovers_new_ticket_id_idx on handovers (new_ticket_id);
create index handovers_organization_id_event_id_idx on handovers (organization_id, event_id);
create index handovers_ticket_id_idx on handovers (ticket_id);
create index handovers_recipient_email_idx on handovers (lower(recipient_email));
-- What came to nothing is forgotten by its age.
create index handovers_forgettable_idx on handovers (expires_at) where state <> 'accepted';
-- A ticket is offered to one person at a time.
create unique index handovers_pending_key on handovers (ticket_id) where state = 'pending';

grant select, insert, update, delete on handovers to bilten_app;
alter table handovers enable row level security;
alter table handovers force row level security;
create policy handovers_tenant on handovers
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));

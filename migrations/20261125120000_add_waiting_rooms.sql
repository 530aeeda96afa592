-- A sale that everybody wants to be at first can have a waiting room. Those who wait leave nothing here but the number
-- of the last one: each keeps a signed number of their own.

alter table events add column waiting_room boolean not null default false;

create table waiting_rooms (
    -- What the numbers are signed for: a new room makes those of the old one worthless.
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    -- Chosen when the room is made; its hash is shown at once, the seed itself from the draw on.
    seed_sealed bytea not null,
    seed_hash bytea not null,
    seed bytea,
    -- How many had come when the sale began, whose order was drawn; nothing until then.
    early bigint,
    arrived bigint not null default 0,
    -- Everybody up to this place may choose tickets.
    serving bigint not null default 0,
    held_per_second double precision not null default 0,
    admitted_per_second double precision not null default 0,
    choosing double precision not null default 0,
    turned_at timestamptz not null,
    constraint waiting_rooms_pkey primary key (id),
    constraint waiting_rooms_event_id_key unique (event_id),
    constraint waiting_rooms_serving_check check (serving between 0 and arrived),
    constraint waiting_rooms_early_check check (early between 0 and arrived),
    constraint waiting_rooms_seed_check check ((seed is null) = (early is null)),
    -- Before the draw nobody is in.
    constraint waiting_rooms_drawn_check check (early is not null or serving = 0),
    constraint waiting_rooms_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index waiting_rooms_organization_id_event_id_idx on waiting_rooms (organization_id, event_id);
create index events_waiting_room_idx on events (ends_at) where waiting_room;

grant select, insert, update, delete on waiting_rooms to bilten_app;
alter table waiting_rooms enable row level security;
alter table waiting_rooms force row level security;
create policy waiting_rooms_tenant on waiting_rooms
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));

-- How many holds an event had lately is asked every second while people wait.
create index holds_organization_id_event_id_created_at_idx on holds (organization_id, event_id, created_at);
drop index holds_organization_id_event_id_idx;

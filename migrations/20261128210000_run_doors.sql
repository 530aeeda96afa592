-- The door: which tickets may come in where, when and how often; who leaves; and what the people who run it say.

create table check_in_lists (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    name text not null,
    -- The order in which a scanner asks them.
    position smallint not null,
    -- Otherwise those of check_in_list_types, and none when there are none.
    all_types boolean not null,
    -- Null: every gate.
    gates text[],
    -- Null: as long as the event's doors.
    opens_at timestamptz,
    closes_at timestamptz,
    -- Entries in all; with reentry, people inside at the same time.
    times smallint not null default 1,
    reentry boolean not null default false,
    created_at timestamptz not null,
    -- Not asked any more; what was scanned on it stays.
    removed_at timestamptz,
    constraint check_in_lists_pkey primary key (id),
    constraint check_in_lists_organization_id_id_key unique (organization_id, id),
    constraint check_in_lists_name_check check (char_length(name) between 1 and 60),
    constraint check_in_lists_position_check check (position >= 0),
    constraint check_in_lists_gates_check check (cardinality(gates) between 1 and 50),
    constraint check_in_lists_closes_at_check check (closes_at > opens_at),
    constraint check_in_lists_times_check check (times between 1 and 100),
    constraint check_in_lists_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create unique index check_in_lists_event_id_name_key on check_in_lists (event_id, lower(name)) where removed_at is null;
create index check_in_lists_organization_id_event_id_idx on check_in_lists (organization_id, event_id);

create table check_in_list_types (
    list_id uuid not null,
    ticket_type_id uuid not null,
    organization_id uuid not null,
    constraint check_in_list_types_pkey primary key (list_id, ticket_type_id),
    constraint check_in_list_types_organization_id_list_id_fkey foreign key (organization_id, list_id)
        references check_in_lists (organization_id, id) on delete cascade,
    constraint check_in_list_types_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id) on delete cascade
);
create index check_in_list_types_ticket_type_id_idx on check_in_list_types (ticket_type_id);
create index check_in_list_types_organization_id_list_id_idx on check_in_list_types (organization_id, list_id);

-- A gate opened by hand for a kind of ticket that belongs elsewhere.
create table gate_openings (
    event_id uuid not null,
    gate text not null,
    ticket_type_id uuid not null,
    organization_id uuid not null,
    opened_at timestamptz not null,
    opened_by uuid,
    constraint gate_openings_pkey primary key (event_id, gate, ticket_type_id),
    constraint gate_openings_gate_check check (char_length(gate) between 1 and 40),
    constraint gate_openings_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint gate_openings_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id) on delete cascade,
    constraint gate_openings_opened_by_fkey foreign key (opened_by) references users (id)
);
create index gate_openings_organization_id_event_id_idx on gate_openings (organization_id, event_id);
create index gate_openings_ticket_type_id_idx on gate_openings (ticket_type_id);
create index gate_openings_opened_by_idx on gate_openings (opened_by);

-- What holds for all doors of an event.
create table door_settings (
    event_id uuid not null,
    organization_id uuid not null,
    -- What a supervisor types on a scanner, hashed; both or neither.
    pin_salt text,
    pin_hash text,
    -- The latest word to all scanners.
    message text,
    message_at timestamptz,
    message_by uuid,
    constraint door_settings_pkey primary key (event_id),
    constraint door_settings_pin_check check ((pin_salt is null) = (pin_hash is null)),
    constraint door_settings_message_check check ((message is null) = (message_at is null) and char_length(message) between 1 and 200),
    constraint door_settings_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint door_settings_message_by_fkey foreign key (message_by) references users (id)
);
create index door_settings_organization_id_event_id_idx on door_settings (organization_id, event_id);
create index door_settings_message_by_idx on door_settings (message_by);

do $$
declare
    name text;
begin
    foreach name in array array['check_in_lists', 'check_in_list_types', 'gate_openings', 'door_settings'] loop
        execute format('grant select, insert, update, delete on %I to bilten_app', name);
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
                       name || '_tenant', name);
        if name <> 'check_in_list_types' then
            execute format(
                'create policy %I on %I as restrictive using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id))',
                name || '_events', name);
        end if;
    end loop;
end
$$;

-- What to look at before somebody goes in.
alter table ticket_types
    add column door_note text,
    add constraint ticket_types_door_note_check check (char_length(door_note) between 1 and 140) not valid;
alter table orders
    add column door_note text,
    -- So that scanners hear of it.
    add column door_note_at timestamptz,
    add constraint orders_door_note_check check (char_length(door_note) between 1 and 140) not valid;

-- What a device may know and how it does.
alter table pairings
    add column names text not null default 'full',
    add column works_until timestamptz,
    add constraint pairings_names_check check (names in ('full', 'initials', 'hidden')) not valid;
alter table devices
    add column names text not null default 'full',
    -- Its lease is not renewed beyond.
    add column works_until timestamptz,
    add column battery smallint,
    add column version text,
    add constraint devices_names_check check (names in ('full', 'initials', 'hidden')) not valid,
    add constraint devices_battery_check check (battery between 0 and 100) not valid,
    add constraint devices_version_check check (char_length(version) <= 40) not valid;

alter table check_ins
    add column list_id uuid,
    -- A supervisor's admission, against the rule.
    add column forced boolean not null default false,
    -- Why, in their words.
    add column reason text,
    -- Which entry of its ticket it is, among those that count.
    add column turn smallint not null default 1,
    add constraint check_ins_reason_check check (char_length(reason) between 1 and 140) not valid,
    add constraint check_ins_turn_check check (turn > 0) not valid,
    add constraint check_ins_organization_id_list_id_fkey foreign key (organization_id, list_id)
        references check_in_lists (organization_id, id) not valid,
    drop constraint check_ins_kind_check,
    add constraint check_ins_kind_check check (kind in ('admit', 'exit', 'refuse', 'undo')) not valid;
create index check_ins_organization_id_list_id_idx on check_ins (organization_id, list_id) where list_id is not null;

-- No entry of a ticket is counted twice. Before, there was one entry at most, and its turn is the first.
create unique index check_ins_ticket_id_turn_key on check_ins (ticket_id, turn) where kind = 'admit' and outcome = 'accepted';
drop index check_ins_ticket_id_admitted_key;

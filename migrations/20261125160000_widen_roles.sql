-- Eight roles instead of three, for the whole organization or for some of its events; ownership goes over by consent of
-- both; how people of a team must prove themselves.

alter table memberships drop constraint memberships_role_check;
alter table memberships add constraint memberships_role_check check (role in
    ('owner', 'manager', 'finance', 'marketing', 'box_office', 'door_lead', 'door', 'read_only'));
alter table invitations drop constraint invitations_role_check;
alter table invitations add constraint invitations_role_check check (role in
    ('owner', 'manager', 'finance', 'marketing', 'box_office', 'door_lead', 'door', 'read_only'));

-- The only events that the person works for; null: all of the organization's. Events are never deleted, so an id that is
-- here stays good; one of another tenant would show nothing, since the tenant's own policy holds beside this one.
alter table memberships add column events uuid[];
alter table memberships add constraint memberships_events_check
    check (events is null or (role <> 'owner' and cardinality(events) between 1 and 100));
alter table invitations add column events uuid[];
alter table invitations add constraint invitations_events_check
    check (events is null or (role <> 'owner' and cardinality(events) between 1 and 100));

create function bilten_sees_event(event uuid) returns boolean
    language sql stable parallel safe
    as $$
        select coalesce(current_setting('bilten.events', true), '') = ''
            or event = any(nullif(current_setting('bilten.events', true), '')::uuid[])
    $$;

do $$
declare
    name text;
begin
    foreach name in array array['ticket_types', 'pools', 'holds', 'orders', 'tickets', 'pairings', 'devices',
                                'check_ins', 'waiting_rooms'] loop
        execute format(
            'create policy %I on %I as restrictive using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id))',
            name || '_events', name);
    end loop;
end
$$;
create policy events_events on events as restrictive
    using (bilten_sees_event(id)) with check (bilten_sees_event(id));

create table ownership_offers (
    id uuid not null,
    organization_id uuid not null,
    offered_by uuid not null,
    offered_to uuid not null,
    -- Whether who offers becomes a manager when the other accepts.
    steps_back boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    -- Taken back by who offered, or declined.
    revoked_at timestamptz,
    constraint ownership_offers_pkey primary key (id),
    constraint ownership_offers_offered_to_check check (offered_by <> offered_to),
    constraint ownership_offers_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint ownership_offers_offered_by_fkey foreign key (offered_by) references users (id),
    constraint ownership_offers_offered_to_fkey foreign key (offered_to) references users (id)
);
create unique index ownership_offers_organization_id_open_key
    on ownership_offers (organization_id) where accepted_at is null and revoked_at is null;
create index ownership_offers_offered_by_idx on ownership_offers (offered_by);
create index ownership_offers_offered_to_idx on ownership_offers (offered_to);
alter table ownership_offers enable row level security;
alter table ownership_offers force row level security;
create policy ownership_offers_tenant on ownership_offers
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));
grant select, insert, update on ownership_offers to bilten_app;

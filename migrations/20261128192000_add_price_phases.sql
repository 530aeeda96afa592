-- Prices that roll over by themselves: phases of a ticket type, each ending at a date, after so many tickets, or at whichever
-- comes first. The chain is read and written as a whole, with the type it belongs to.

alter table ticket_types
    -- {"ending": [{id, name, price_minor, until, count}], "last": {id, name}}; null: one price. The last phase has no end, and
    -- its price is price_minor.
    add column price_phases jsonb,
    add constraint ticket_types_price_phases_check check (jsonb_array_length(price_phases -> 'ending') between 1 and 7) not valid;

-- How many tickets of a type are taken: ever sold, or kept for somebody who is buying. Only of types with a phase that ends by
-- count. Changed under the lock of the type's pools alone, so it is as true as they are.
create table price_phase_counts (
    ticket_type_id uuid not null,
    organization_id uuid not null,
    taken integer not null,
    constraint price_phase_counts_pkey primary key (ticket_type_id),
    constraint price_phase_counts_taken_check check (taken >= 0),
    constraint price_phase_counts_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id) on delete cascade,
    constraint price_phase_counts_organization_id_fkey foreign key (organization_id) references organizations (id)
);
create index price_phase_counts_organization_id_idx on price_phase_counts (organization_id);
grant select, insert, update, delete on price_phase_counts to bilten_app;
alter table price_phase_counts enable row level security;
alter table price_phase_counts force row level security;
create policy price_phase_counts_tenant on price_phase_counts
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));
create policy price_phase_counts_public on price_phase_counts for select using (bilten_scope() = 'public');

-- The phase of the promise, with the name it had then.
alter table hold_lines
    add column phase_id uuid,
    add column phase_name text;
alter table order_lines
    add column phase_id uuid,
    add column phase_name text,
    drop constraint order_lines_order_id_ticket_type_id_key,
    add constraint order_lines_order_id_ticket_type_id_key
        unique nulls not distinct (order_id, ticket_type_id, unit_price_minor, phase_id);

-- Where it was sold: at the shop, or by a member of the team.
alter table orders
    add column channel text not null default 'web',
    add constraint orders_channel_check check (channel in ('web', 'organizer'));
select set_config('bilten.scope', 'system', true);
update orders set channel = 'organizer'
where id in (select order_id from exchanges where asked_by is not null);

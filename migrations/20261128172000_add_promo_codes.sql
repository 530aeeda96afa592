-- Promo codes: what a code takes off, for whom and how often; and who has one in their hands.

create table promo_codes (
    id uuid not null,
    organization_id uuid not null,
    -- Null: all events of the organization in the currency.
    event_id uuid,
    -- As the organizer writes it.
    code text not null,
    -- As it is compared: in capitals, without what hands add.
    folded text not null,
    -- The campaign, for the organizer alone.
    name text not null default '',
    state text not null default 'active',
    -- percent: of each ticket. ticket: an amount of each ticket. order: an amount of the whole order.
    kind text not null,
    percent_bp integer,
    amount_minor bigint,
    currency text not null,
    -- Null: for all ticket types.
    ticket_types uuid[],
    valid_from timestamptz,
    valid_until timestamptz,
    max_uses integer,
    max_per_customer integer,
    -- What it may take off in all.
    budget_minor bigint,
    -- Orders that have it, and baskets and unpaid orders that may come to it.
    used integer not null default 0,
    -- What it has taken off for these.
    spent_minor bigint not null default 0,
    created_at timestamptz not null,
    created_by uuid,
    constraint promo_codes_pkey primary key (id),
    constraint promo_codes_organization_id_folded_key unique (organization_id, folded),
    constraint promo_codes_organization_id_id_key unique (organization_id, id),
    constraint promo_codes_code_check check (char_length(code) between 3 and 40),
    constraint promo_codes_folded_check check (folded ~ '^[A-Z0-9]{3,40}$'),
    constraint promo_codes_name_check check (char_length(name) <= 80),
    constraint promo_codes_state_check check (state in ('active', 'paused')),
    constraint promo_codes_kind_check check (
        (kind = 'percent' and percent_bp between 1 and 10000 and amount_minor is null)
        or (kind in ('ticket', 'order') and amount_minor > 0 and percent_bp is null)),
    constraint promo_codes_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint promo_codes_ticket_types_check check (cardinality(ticket_types) between 1 and 200),
    constraint promo_codes_valid_until_check check (valid_until > valid_from),
    -- The last line: no use more than there are, and no more money than was meant.
    constraint promo_codes_used_check check (used >= 0 and used <= max_uses),
    constraint promo_codes_spent_check check (spent_minor >= 0 and spent_minor <= budget_minor),
    constraint promo_codes_max_per_customer_check check (max_per_customer > 0),
    constraint promo_codes_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint promo_codes_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint promo_codes_created_by_fkey foreign key (created_by) references users (id)
);
create index promo_codes_organization_id_created_at_idx on promo_codes (organization_id, created_at desc, id desc);
create index promo_codes_event_id_idx on promo_codes (event_id);
create index promo_codes_created_by_idx on promo_codes (created_by);

-- A code in the hands of a buyer: taken when it comes to a basket; given back when nothing came of it.
create table promo_uses (
    id uuid not null,
    organization_id uuid not null,
    promo_code_id uuid not null,
    hold_id uuid not null,
    -- What it takes off for them.
    discount_minor bigint not null,
    taken_at timestamptz not null,
    given_back_at timestamptz,
    constraint promo_uses_pkey primary key (id),
    constraint promo_uses_discount_minor_check check (discount_minor > 0),
    constraint promo_uses_organization_id_promo_code_id_fkey foreign key (organization_id, promo_code_id)
        references promo_codes (organization_id, id),
    constraint promo_uses_hold_id_fkey foreign key (hold_id) references holds (id) on delete cascade
);
-- One code for a basket.
create unique index promo_uses_hold_id_key on promo_uses (hold_id) where given_back_at is null;
create index promo_uses_hold_id_idx on promo_uses (hold_id);
create index promo_uses_promo_code_id_idx on promo_uses (promo_code_id);

alter table hold_lines
    -- An amount off the order cannot always be dealt out evenly: then tickets of one type are in two lines.
    add column part smallint not null default 0,
    -- What one costs without the code, and what is in that; nothing where no code takes anything off.
    add column full_price_minor bigint,
    add column full_tax_minor bigint,
    add column full_fee_minor bigint,
    drop constraint hold_lines_pkey,
    add constraint hold_lines_pkey primary key (hold_id, ticket_type_id, part),
    add constraint hold_lines_full_price_minor_check check (full_price_minor >= unit_price_minor) not valid;

alter table order_lines
    -- What one cost without the code; nothing where none took anything off.
    add column full_price_minor bigint,
    drop constraint order_lines_order_id_ticket_type_id_key,
    add constraint order_lines_order_id_ticket_type_id_key unique (order_id, ticket_type_id, unit_price_minor),
    add constraint order_lines_full_price_minor_check check (full_price_minor >= unit_price_minor) not valid;

grant select, insert, update, delete on promo_codes to bilten_app;
grant select, insert on promo_uses to bilten_app;
grant update (given_back_at) on promo_uses to bilten_app;
grant delete on hold_lines to bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['promo_codes', 'promo_uses'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;

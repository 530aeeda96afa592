-- Invoices and credit notes: numbers without gaps, documents that never change, and what waits to be issued.

-- Who sells, as it stands on an invoice. Name and country fall back to what the organization shows of itself.
alter table organizations
    add column legal_name text not null default '',
    -- Street and number, a line each.
    add column street text not null default '',
    add column postcode text not null default '',
    add column city text not null default '',
    -- What the tax office at home knows them by, where that is not the VAT id.
    add column tax_number text not null default '',
    -- In a register of companies.
    add column registration text not null default '',
    add column invoice_prefix text not null default 'R',
    add column credit_prefix text not null default 'D',
    -- Whether numbers start anew each year, with the year in them.
    add column invoice_years text not null default 'each',
    add constraint organizations_legal_name_check check (char_length(legal_name) <= 160),
    add constraint organizations_street_check check (char_length(street) <= 200),
    add constraint organizations_postcode_check check (char_length(postcode) <= 20),
    add constraint organizations_city_check check (char_length(city) <= 80),
    add constraint organizations_tax_number_check check (char_length(tax_number) <= 40),
    add constraint organizations_registration_check check (char_length(registration) <= 60),
    add constraint organizations_invoice_prefix_check check (invoice_prefix ~ '^[A-Z0-9]{1,8}$'),
    add constraint organizations_credit_prefix_check check (credit_prefix ~ '^[A-Z0-9]{1,8}$'),
    add constraint organizations_invoice_years_check check (invoice_years in ('each', 'through'));

alter table orders
    -- Two letters; empty: nothing was said.
    add column invoice_country text not null default '',
    add constraint orders_invoice_country_check check (invoice_country ~ '^([A-Z]{2})?$') not valid;

-- Whoever takes numbers holds the series until the documents that bear them are committed: no gap, no double. A series is
-- told by what stands in its numbers, so two of them can never give the same number.
create table invoice_series (
    -- Null: the platform's own.
    organization_id uuid,
    prefix text not null,
    -- 0: counts through.
    year smallint not null,
    -- The number that is taken next.
    next bigint not null,
    constraint invoice_series_key unique nulls not distinct (organization_id, prefix, year),
    constraint invoice_series_next_check check (next > 0),
    constraint invoice_series_organization_id_fkey foreign key (organization_id) references organizations (id)
);

create table invoices (
    id uuid not null,
    -- Who sold; of the platform's invoices: who has to pay.
    organization_id uuid not null,
    event_id uuid,
    order_id uuid,
    kind text not null,
    number text not null,
    prefix text not null,
    year smallint not null,
    n bigint not null,
    -- What a credit note belongs to; nothing when it makes room for a corrected invoice.
    refund_id uuid,
    -- The invoice that this one takes back or replaces.
    corrects_id uuid,
    -- Of a credit note: which lines of the invoice its lines take back, from nought.
    places integer[] not null default '{}',
    currency text not null,
    net_minor bigint not null,
    tax_minor bigint not null,
    total_minor bigint not null,
    issued_at timestamptz not null,
    issued_on date not null,
    -- Everything that is printed. Printing it again gives the same.
    document jsonb not null,
    constraint invoices_pkey primary key (id),
    constraint invoices_kind_check check (kind in ('invoice', 'credit_note', 'platform')),
    constraint invoices_order_id_check check ((order_id is null) = (kind = 'platform')),
    constraint invoices_corrects_id_check check (kind <> 'credit_note' or corrects_id is not null),
    constraint invoices_total_minor_check check (net_minor + tax_minor = total_minor and total_minor > 0),
    constraint invoices_refund_id_key unique (refund_id),
    constraint invoices_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint invoices_order_id_fkey foreign key (order_id) references orders (id),
    constraint invoices_refund_id_fkey foreign key (refund_id) references refunds (id),
    constraint invoices_corrects_id_fkey foreign key (corrects_id) references invoices (id),
    constraint invoices_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create unique index invoices_number_key on invoices (organization_id, number) where kind <> 'platform';
create unique index invoices_platform_number_key on invoices (number) where kind = 'platform';
create unique index invoices_series_key on invoices (organization_id, prefix, year, n) where kind <> 'platform';
create index invoices_order_id_idx on invoices (order_id);
create index invoices_corrects_id_idx on invoices (corrects_id);
create index invoices_organization_id_event_id_idx on invoices (organization_id, event_id);
create index invoices_organization_id_issued_at_idx on invoices (organization_id, issued_at desc, id desc);

create trigger invoices_append_only before update or delete on invoices
    for each row execute function refuse_change();

-- Paid orders and promised refunds whose document is still to be issued, in the order in which they came.
create table invoices_due (
    id bigint generated always as identity,
    organization_id uuid not null,
    order_id uuid not null,
    -- Null: the order's invoice; else a credit note.
    refund_id uuid,
    not_before timestamptz not null,
    attempts integer not null default 0,
    last_error text,
    constraint invoices_due_pkey primary key (id),
    constraint invoices_due_order_id_refund_id_key unique nulls not distinct (order_id, refund_id),
    constraint invoices_due_order_id_fkey foreign key (order_id) references orders (id),
    constraint invoices_due_refund_id_fkey foreign key (refund_id) references refunds (id)
);
create index invoices_due_not_before_idx on invoices_due (not_before);
create index invoices_due_organization_id_idx on invoices_due (organization_id, id);
create index invoices_due_refund_id_idx on invoices_due (refund_id);

grant select, insert, update on invoice_series to bilten_app;
grant select, insert on invoices to bilten_app;
grant select, insert, update, delete on invoices_due to bilten_app;
revoke update, delete on invoices from bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['invoice_series', 'invoices', 'invoices_due'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;
create policy invoices_events on invoices as restrictive
    using (bilten_sees_event(event_id)) with check (bilten_sees_event(event_id));

-- What was paid before there were invoices gets its own now.
select set_config('bilten.scope', 'system', true);
insert into invoices_due (organization_id, order_id, not_before)
select organization_id, id, paid_at from orders
where paid_at is not null and total_minor > 0
order by paid_at, id;
insert into invoices_due (organization_id, order_id, refund_id, not_before)
select r.organization_id, r.order_id, r.id, r.created_at
from refunds r
join orders o on o.id = r.order_id
where o.paid_at is not null
order by r.created_at, r.id;

-- What a price is made of: tax as the organizer owes it, and the platform's fee, borne by whom the organizer chooses.
-- Without settings and without a plan, prices are what they were: no tax is shown and no fee is taken.

alter table organizations
    -- none: nothing was said; small_business: owes none, with a note; included: prices contain it; added: it comes on top.
    add column tax_mode text not null default 'none',
    -- Where the organization is taxed; empty: where it says it is.
    add column tax_country text not null default '',
    -- State or province, where tax is a matter of these.
    add column tax_region text not null default '',
    add column vat_id text not null default '',
    -- Why no tax is shown, in the organizer's words.
    add column tax_note text not null default '',
    add constraint organizations_tax_mode_check check (tax_mode in ('none', 'small_business', 'included', 'added')),
    add constraint organizations_tax_country_check check (tax_country ~ '^([A-Z]{2})?$'),
    add constraint organizations_tax_region_check check (char_length(tax_region) <= 80),
    add constraint organizations_vat_id_check check (char_length(vat_id) <= 20),
    add constraint organizations_tax_note_check check (char_length(tax_note) <= 300);

-- Rates are in hundredths of a percent. Nothing: the rate for admission in the country of the event.
alter table events
    add column fee_to_buyer_percent smallint not null default 0,
    add column tax_bp integer,
    add constraint events_fee_to_buyer_percent_check check (fee_to_buyer_percent between 0 and 100) not valid,
    add constraint events_tax_bp_check check (tax_bp between 0 and 5000) not valid;

-- Nothing: the rate of the event.
alter table ticket_types
    add column tax_bp integer,
    add constraint ticket_types_tax_bp_check check (tax_bp between 0 and 5000) not valid;

-- The promise of a hold with what it is made of: the unit price stays the whole price of one ticket.
alter table hold_lines
    add column tax_bp integer not null default 0,
    -- The tax that was put on top of one ticket; nothing where the price contains its tax.
    add column unit_tax_minor bigint,
    -- The platform's fee for one ticket, whoever bears it.
    add column unit_fee_minor bigint not null default 0;

-- Figures of the whole line, not of one ticket: net_minor + tax_minor = quantity * unit_price_minor.
alter table order_lines
    -- Nothing only in lines of before there was tax: all of the price is net.
    add column net_minor bigint,
    add column tax_minor bigint not null default 0,
    add column tax_bp integer not null default 0,
    -- The platform's fee within the price, whoever bears it.
    add column fee_minor bigint not null default 0,
    add constraint order_lines_net_minor_check
        check (net_minor is null or net_minor + tax_minor = quantity * unit_price_minor) not valid,
    add constraint order_lines_fee_minor_check check (fee_minor between 0 and quantity * unit_price_minor) not valid;

-- What the platform takes for each ticket. A plan holds from an instant on that is not past when it is made; of those that
-- hold, an organization's own goes before everybody's, and the later before the earlier.
create table fee_plans (
    id uuid not null,
    -- Null: everybody's.
    organization_id uuid,
    currency text not null,
    fixed_minor bigint not null,
    percent_bp integer not null,
    min_minor bigint,
    max_minor bigint,
    valid_from timestamptz not null,
    valid_until timestamptz,
    created_at timestamptz not null,
    -- Null: set up by the machine.
    created_by uuid,
    constraint fee_plans_pkey primary key (id),
    constraint fee_plans_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint fee_plans_fixed_minor_check check (fixed_minor between 0 and 100000000000),
    constraint fee_plans_percent_bp_check check (percent_bp between 0 and 10000),
    constraint fee_plans_min_minor_check check (min_minor >= 0),
    constraint fee_plans_max_minor_check check (max_minor >= coalesce(min_minor, 0)),
    constraint fee_plans_valid_from_check check (valid_from >= created_at),
    constraint fee_plans_valid_until_check check (valid_until > valid_from),
    constraint fee_plans_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint fee_plans_created_by_fkey foreign key (created_by) references users (id)
);
create index fee_plans_organization_id_idx on fee_plans (organization_id, currency, valid_from desc);
create index fee_plans_created_by_idx on fee_plans (created_by);

alter table fee_plans enable row level security;
alter table fee_plans force row level security;
create policy fee_plans_platform on fee_plans
    using (bilten_scope() in ('platform', 'system')) with check (bilten_scope() in ('platform', 'system'));
-- Whoever shows a price must know the plan behind it: visitors any, organizations their own and everybody's.
create policy fee_plans_pricing on fee_plans for select
    using (bilten_scope() = 'public' or (organization_id is null and bilten_scope() <> '') or bilten_sees(organization_id));
-- What was agreed is not changed afterwards: a plan can only end.
grant select, insert on fee_plans to bilten_app;
grant update (valid_until) on fee_plans to bilten_app;

create trigger fee_plans_page after insert or update on fee_plans
    for each statement execute function tell_all_pages();

-- All that prices of an event depend on beside what is typed for its ticket types, so that whoever reads these prices joins
-- one thing. Which plan holds is decided by the rule in the code, by its clock.
create view price_terms with (security_invoker = true) as
select e.id as event_id,
       e.organization_id,
       jsonb_build_object(
           'tax_mode', o.tax_mode,
           'category', e.category,
           'in_person', e.attendance = 'in_person',
           -- Admission is taxed where the event is; what has no place, where the organizer is.
           'country', coalesce(
               nullif(case when e.attendance = 'in_person' then e.venue_country else '' end, ''),
               nullif(o.tax_country, ''),
               o.country),
           'tax_bp', e.tax_bp,
           'fee_to_buyer_percent', e.fee_to_buyer_percent,
           'plans', (
               select coalesce(jsonb_agg(jsonb_build_object(
                   'own', f.organization_id is not null, 'fixed_minor', f.fixed_minor, 'percent_bp', f.percent_bp,
                   'min_minor', f.min_minor, 'max_minor', f.max_minor, 'valid_from', f.valid_from,
                   'valid_until', f.valid_until)), '[]')
               from fee_plans f
               where f.currency = e.currency and (f.organization_id = e.organization_id or f.organization_id is null))
       ) as terms
from events e
join organizations o on o.id = e.organization_id;
grant select on price_terms to bilten_app;

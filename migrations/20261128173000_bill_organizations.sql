-- The platform's invoices to organizations over its fees: one for each month and currency, and who the platform is on them.

create table platform_issuer (
    one boolean not null default true,
    legal_name text not null,
    street text not null,
    postcode text not null,
    city text not null,
    country text not null,
    vat_id text not null,
    tax_number text not null,
    registration text not null,
    email text not null,
    -- Owes no tax, and says why in its own words.
    small_business boolean not null,
    tax_note text not null,
    -- At home, in hundredths of a percent. Nothing: the standard rate there.
    tax_bp integer,
    invoice_prefix text not null,
    credit_prefix text not null,
    -- When the worker looks again for months that are over and not billed.
    look_at timestamptz not null,
    changed_at timestamptz not null,
    changed_by uuid not null,
    constraint platform_issuer_pkey primary key (one),
    constraint platform_issuer_one_check check (one),
    constraint platform_issuer_legal_name_check check (char_length(legal_name) between 1 and 160),
    constraint platform_issuer_street_check check (char_length(street) between 1 and 200),
    constraint platform_issuer_postcode_check check (char_length(postcode) <= 20),
    constraint platform_issuer_city_check check (char_length(city) between 1 and 80),
    constraint platform_issuer_country_check check (country ~ '^[A-Z]{2}$'),
    constraint platform_issuer_vat_id_check check (char_length(vat_id) <= 20),
    constraint platform_issuer_tax_number_check check (char_length(tax_number) <= 40),
    constraint platform_issuer_registration_check check (char_length(registration) <= 60),
    constraint platform_issuer_identity_check check (vat_id <> '' or tax_number <> ''),
    constraint platform_issuer_email_check check (char_length(email) <= 254),
    constraint platform_issuer_tax_note_check
        check (char_length(tax_note) <= 300 and (tax_note <> '' or not small_business)),
    constraint platform_issuer_tax_bp_check check (tax_bp between 0 and 5000),
    constraint platform_issuer_invoice_prefix_check check (invoice_prefix ~ '^[A-Z0-9]{1,8}$'),
    constraint platform_issuer_credit_prefix_check check (credit_prefix ~ '^[A-Z0-9]{1,8}$'),
    constraint platform_issuer_changed_by_fkey foreign key (changed_by) references users (id)
);
create index platform_issuer_changed_by_idx on platform_issuer (changed_by);

alter table invoices
    -- The first day of the month that the platform bills.
    add column month date,
    drop constraint invoices_kind_check,
    drop constraint invoices_order_id_check,
    add constraint invoices_kind_check
        check (kind in ('invoice', 'credit_note', 'platform', 'platform_credit')) not valid,
    add constraint invoices_order_id_check
        check ((order_id is null) = (kind in ('platform', 'platform_credit'))) not valid,
    add constraint invoices_month_check
        check ((month is null) = (order_id is not null) and extract(day from month) = 1) not valid;

-- What has no order is the platform's.
drop index invoices_number_key;
drop index invoices_platform_number_key;
drop index invoices_series_key;
create unique index invoices_number_key on invoices (organization_id, number) where order_id is not null;
create unique index invoices_platform_number_key on invoices (number) where order_id is null;
create unique index invoices_series_key on invoices (organization_id, prefix, year, n) where order_id is not null;
create unique index invoices_platform_series_key on invoices (prefix, year, n) where order_id is null;
create unique index invoices_month_key on invoices (organization_id, currency, month) where order_id is null;
create index invoices_platform_issued_at_idx on invoices (issued_at desc, id desc) where order_id is null;

grant select, insert, update on platform_issuer to bilten_app;
alter table platform_issuer enable row level security;
alter table platform_issuer force row level security;
create policy platform_issuer_platform on platform_issuer
    using (bilten_scope() in ('system', 'platform')) with check (bilten_scope() in ('system', 'platform'));

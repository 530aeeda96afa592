-- What a lost dispute takes from each order that holds money of the payment: the tax in it need not be passed on, and a credit
-- note says so.

create table dispute_losses (
    dispute_id uuid not null,
    order_id uuid not null,
    organization_id uuid not null,
    amount_minor bigint not null,
    currency text not null,
    lost_at timestamptz not null,
    -- The bank has given it back after all.
    undone_at timestamptz,
    constraint dispute_losses_pkey primary key (dispute_id, order_id),
    constraint dispute_losses_amount_minor_check check (amount_minor > 0),
    constraint dispute_losses_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint dispute_losses_dispute_id_fkey foreign key (dispute_id) references disputes (id),
    constraint dispute_losses_order_id_fkey foreign key (order_id) references orders (id),
    constraint dispute_losses_organization_id_fkey foreign key (organization_id) references organizations (id)
);
create index dispute_losses_order_id_idx on dispute_losses (order_id);
create index dispute_losses_organization_id_idx on dispute_losses (organization_id);

alter table orders
    -- Lost for good with payments of other orders, out of which tickets that were given in have paid for this one.
    add column lost_elsewhere_minor bigint not null default 0;

alter table invoices
    -- The lost dispute that a credit note is for, or whose credit note an invoice cancels.
    add column dispute_id uuid,
    add constraint invoices_dispute_id_fkey foreign key (dispute_id) references disputes (id) not valid;
create unique index invoices_dispute_id_key on invoices (dispute_id, order_id, kind) where dispute_id is not null;

grant select, insert, update on dispute_losses to bilten_app;
alter table dispute_losses enable row level security;
alter table dispute_losses force row level security;
create policy dispute_losses_tenant on dispute_losses
    using (bilten_sees(organization_id)) with check (bilten_sees(organization_id));

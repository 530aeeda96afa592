-- Businesses in other states of the Union that take part from afar owe the tax themselves: what they pay has none in it.

alter table holds
    -- What the buyer has said of themselves makes the total one without tax. Promised prices stay what they are with it.
    add column reverse_charge boolean not null default false;

alter table orders
    -- No tax was charged because the buyer owes it; documents and reports say so.
    add column reverse_charge boolean not null default false,
    add constraint orders_reverse_charge_check check (not reverse_charge or tax_minor = 0) not valid;

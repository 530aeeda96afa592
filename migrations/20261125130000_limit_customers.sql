-- How many tickets of a type one customer may have over all orders, told by the mail address. Nothing: no limit.

alter table ticket_types
    add column max_per_customer smallint,
    add constraint ticket_types_max_per_customer_check check (max_per_customer between 1 and 1000);

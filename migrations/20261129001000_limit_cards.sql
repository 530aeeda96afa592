-- How many tickets of an event one card may pay for, and which card paid, by a keyed hash that is of use for that event only.
alter table events
    add column max_per_card smallint,
    add constraint events_max_per_card_check check (max_per_card between 1 and 1000) not valid;
alter table payments
    add column card_key bytea,
    -- The card had paid for as many as it may: the money went back, or was never taken.
    add column over_card_limit boolean not null default false;

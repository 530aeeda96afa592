-- How many orders came to the age at which they are usually paid, and how many of them were, in a second.
alter table waiting_rooms
    add column due_per_second double precision not null default 0,
    add column paid_per_second double precision not null default 0;

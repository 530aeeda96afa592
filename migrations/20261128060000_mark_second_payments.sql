-- Money of a second payment for an order that is paid goes back without touching what was bought: no document takes it back.

alter table refunds add column of_second_payment boolean not null default false;

-- Money that was sent back with the provider's own tools may be of several orders: one try of the provider then is a refund of each.

alter table refund_tries
    -- Which of the refunds that one try is made of, from nought.
    add column part smallint not null default 0;
alter table refund_tries
    drop constraint refund_tries_pkey,
    add constraint refund_tries_pkey primary key (provider, reference, part);

-- Links that let somebody in, and links that prove a new address.

alter table email_tokens drop constraint email_tokens_purpose_check;
alter table email_tokens add constraint email_tokens_purpose_check
    check (purpose in ('verify_email', 'reset_password', 'sign_in', 'change_email', 'restore_email'));
-- The address that the link proves, where it is not the account's own.
alter table email_tokens add column email text;
alter table email_tokens add constraint email_tokens_email_check
    check ((email is not null) = (purpose in ('change_email', 'restore_email')));

-- Orders that somebody keeps in their account although another address bought them. Those of their own proven address
-- are theirs without a row.
create table kept_orders (
    user_id uuid not null,
    order_id uuid not null,
    kept_at timestamptz not null,
    constraint kept_orders_pkey primary key (user_id, order_id),
    constraint kept_orders_user_id_fkey foreign key (user_id) references users (id) on delete cascade,
    constraint kept_orders_order_id_fkey foreign key (order_id) references orders (id)
);
create index kept_orders_order_id_idx on kept_orders (order_id);
grant select, insert, delete on kept_orders to bilten_app;

-- Orders are found by their buyer's address. Behind row-level security an index on lower(…) is never used, because
-- PostgreSQL does not trust that function with rows of others; a column of its own is compared by what it does trust.
alter table orders add column buyer_key text generated always as (lower(buyer_email)) stored;
drop index orders_buyer_email_idx;
create index orders_buyer_key_idx on orders (buyer_key);

-- Keys on people's devices (W3C Web Authentication). What is kept is public; the secret stays on the device.
create table passkeys (
    id uuid not null,
    user_id uuid not null,
    credential_id bytea not null,
    name text not null,
    -- Public key, counter and flags, as the library writes them.
    credential jsonb not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    constraint passkeys_pkey primary key (id),
    constraint passkeys_credential_id_key unique (credential_id),
    constraint passkeys_name_check check (char_length(name) between 1 and 60),
    constraint passkeys_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index passkeys_user_id_idx on passkeys (user_id);

-- Questions that were put to a browser and wait for its answer, each good once.
create table challenges (
    token_hash bytea not null,
    purpose text not null,
    user_id uuid,
    state jsonb not null,
    expires_at timestamptz not null,
    constraint challenges_pkey primary key (token_hash),
    constraint challenges_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index challenges_expires_at_idx on challenges (expires_at);
create index challenges_user_id_idx on challenges (user_id);
grant select, insert, update, delete on passkeys, challenges to bilten_app;

-- A deleted account leaves a row without a person in it, because the record and the history of organizations point at it.
alter table users add column erased_at timestamptz;

-- Accounts elsewhere that open one here: who says so, and whom they mean.
create table identities (
    issuer text not null,
    subject text not null,
    user_id uuid not null,
    created_at timestamptz not null,
    constraint identities_pkey primary key (issuer, subject),
    constraint identities_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index identities_user_id_idx on identities (user_id);
grant select, insert, delete on identities to bilten_app;

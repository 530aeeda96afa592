-- A second proof beside the password: codes from an authenticator (RFC 6238), recovery codes for when it is lost.

create table authenticators (
    user_id uuid not null,
    -- Sealed with the installation's key.
    secret_sealed bytea not null,
    created_at timestamptz not null,
    -- Since a first code has shown that the person's device has the secret; before that it counts for nothing.
    confirmed_at timestamptz,
    -- Step of the last code that was taken: a code is good once.
    last_step bigint not null default 0,
    constraint authenticators_pkey primary key (user_id),
    constraint authenticators_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);

create table recovery_codes (
    user_id uuid not null,
    code_hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz,
    constraint recovery_codes_pkey primary key (user_id, code_hash),
    constraint recovery_codes_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);

-- Somebody who has shown the first proof and still has to show the second.
create table half_sign_ins (
    token_hash bytea not null,
    user_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    tries smallint not null default 0,
    constraint half_sign_ins_pkey primary key (token_hash),
    constraint half_sign_ins_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index half_sign_ins_user_id_idx on half_sign_ins (user_id);
create index half_sign_ins_expires_at_idx on half_sign_ins (expires_at);

-- When the person of a session last showed who they are, and whether with a second factor.
alter table sessions add column proved_at timestamptz;
alter table sessions add column second_factor_at timestamptz;

alter table organizations add column second_factor_required boolean not null default false;

grant select, insert, update, delete on authenticators, recovery_codes, half_sign_ins to bilten_app;

-- Bank transfers: the platform's account that buyers pay to, the statements of the bank, and what became of each of their lines.

-- One row, once somebody has said where to transfer to.
create table transfer_settings (
    one boolean not null default true,
    offered boolean not null,
    holder text not null,
    iban text not null,
    bic text not null,
    bank text not null,
    currency text not null,
    days smallint not null,
    days_before smallint not null,
    -- Accounts that buyers were told before: money may still arrive there.
    former text[] not null default '{}',
    changed_at timestamptz not null,
    changed_by uuid not null,
    constraint transfer_settings_pkey primary key (one),
    constraint transfer_settings_one_check check (one),
    constraint transfer_settings_holder_check check (char_length(holder) between 1 and 70),
    constraint transfer_settings_days_check check (days between 2 and 30 and days_before between 0 and 30),
    constraint transfer_settings_changed_by_fkey foreign key (changed_by) references users (id)
);

create table bank_files (
    id uuid not null,
    -- SHA-256: the same file is the same row.
    digest bytea not null,
    format text not null,
    account text not null,
    currency text not null,
    lines integer not null,
    credits_minor bigint not null,
    debits_minor bigint not null,
    -- Where the file tells them.
    opening_minor bigint,
    closing_minor bigint,
    first_on date,
    last_on date,
    -- What was read, until it is taken in.
    sealed bytea,
    uploaded_at timestamptz not null,
    uploaded_by uuid not null,
    taken_in_at timestamptz,
    taken_in_by uuid,
    -- How many of its lines no file had brought before.
    new_lines integer,
    constraint bank_files_pkey primary key (id),
    constraint bank_files_digest_key unique (digest),
    constraint bank_files_taken_in_check check ((taken_in_at is null) = (sealed is not null)),
    constraint bank_files_uploaded_by_fkey foreign key (uploaded_by) references users (id),
    constraint bank_files_taken_in_by_fkey foreign key (taken_in_by) references users (id)
);
create index bank_files_uploaded_at_idx on bank_files (uploaded_at desc, id desc);
create index bank_files_uploaded_by_idx on bank_files (uploaded_by);

create table bank_lines (
    id uuid not null,
    file_id uuid not null,
    account text not null,
    -- By which the line is known again in other files of the account.
    key text not null,
    booked_on date not null,
    -- Above zero: money came.
    amount_minor bigint not null,
    currency text not null,
    -- The first of our references in it.
    reference text not null default '',
    -- open: a person has to look. matched: it settles a payment. assigned: so does it, by somebody's hand. returned: the money
    -- was sent back. debit: money went, for nothing of ours. refund: it is a refund of ours.
    state text not null,
    -- Why a person has to look.
    reason text,
    payment_id uuid,
    refund_id uuid,
    -- More than was due, by so much.
    surplus_minor bigint not null default 0,
    -- Who is on the other side, their account, and what they wrote.
    sealed bytea not null,
    note text not null default '',
    ended_at timestamptz,
    ended_by uuid,
    -- When the order, or the refund, was told.
    applied_at timestamptz,
    created_at timestamptz not null,
    constraint bank_lines_pkey primary key (id),
    constraint bank_lines_account_key_key unique (account, key),
    constraint bank_lines_state_check check (state in ('open', 'matched', 'assigned', 'returned', 'debit', 'refund')),
    constraint bank_lines_reason_check check (state <> 'open' or reason is not null),
    constraint bank_lines_payment_id_check check (state not in ('matched', 'assigned') or payment_id is not null),
    constraint bank_lines_refund_id_check check ((state = 'refund') = (refund_id is not null)),
    constraint bank_lines_surplus_check check (surplus_minor >= 0),
    constraint bank_lines_file_id_fkey foreign key (file_id) references bank_files (id),
    constraint bank_lines_payment_id_fkey foreign key (payment_id) references payments (id),
    constraint bank_lines_refund_id_fkey foreign key (refund_id) references refunds (id),
    constraint bank_lines_ended_by_fkey foreign key (ended_by) references users (id)
);
-- A payment is settled by one line.
create unique index bank_lines_payment_id_key on bank_lines (payment_id) where state in ('matched', 'assigned');
create unique index bank_lines_refund_id_key on bank_lines (refund_id) where refund_id is not null;
create index bank_lines_file_id_idx on bank_lines (file_id, booked_on desc, id desc);
create index bank_lines_work_idx on bank_lines (booked_on, id)
    where state = 'open' or (surplus_minor > 0 and ended_at is null);
create index bank_lines_unapplied_idx on bank_lines (id)
    where applied_at is null and state in ('matched', 'assigned', 'refund');
create index bank_lines_ended_by_idx on bank_lines (ended_by);

-- Refunds that somebody sends by hand, from the platform's account.
create index payments_transfer_idx on payments (id) where provider = 'transfer';

grant select, insert, update on transfer_settings, bank_lines to bilten_app;
grant select, insert, update, delete on bank_files to bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array['transfer_settings', 'bank_files', 'bank_lines'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_scope() in (''system'', ''platform''))'
            ' with check (bilten_scope() in (''system'', ''platform''))',
            name || '_platform', name);
    end loop;
end
$$;
-- Buyers are told where to transfer to.
create policy transfer_settings_told on transfer_settings for select using (bilten_scope() <> '');

-- The first state of the database: roles, scopes, accounts, tenants, catalogue, sales, money, door, work queues.
-- Every tenant table has organization_id, forced row-level security and named constraints, because code refers to them.

create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- The application works as this role. It owns nothing and cannot bypass policies.
do $$
begin
    if not exists (select from pg_roles where rolname = 'bilten_app') then
        create role bilten_app nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of the same cluster was migrated at the same moment
end
$$;
do $$
begin
    if not pg_has_role(current_user, 'bilten_app', 'member') then
        execute format('grant bilten_app to %I', current_user);
    end if;
exception when unique_violation or internal_error then
    null; -- the same race as above
end
$$;

-- What a transaction may see is told by these settings, set for the transaction by services::db.
create function bilten_scope() returns text
    language sql stable parallel safe
    as $$ select coalesce(current_setting('bilten.scope', true), '') $$;

create function bilten_organization() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('bilten.organization', true), '')::uuid $$;

create function bilten_account() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('bilten.account', true), '')::uuid $$;

create function bilten_sees(organization uuid) returns boolean
    language sql stable parallel safe
    as $$
        select bilten_scope() in ('platform', 'system')
            or (bilten_scope() = 'organization' and organization = bilten_organization())
    $$;

-- ---------------------------------------------------------------- accounts

create table users (
    id uuid not null,
    email text not null,
    name text not null,
    password_hash text,
    locale text not null default 'en',
    is_platform_admin boolean not null default false,
    email_verified_at timestamptz,
    suspended_at timestamptz,
    suspended_reason text,
    created_at timestamptz not null,
    constraint users_pkey primary key (id),
    constraint users_email_check check (char_length(email) between 3 and 254),
    constraint users_name_check check (char_length(name) between 1 and 120)
);
create unique index users_email_key on users (lower(email));
create index users_name_trgm on users using gin (name gin_trgm_ops);
create index users_email_trgm on users using gin (email gin_trgm_ops);

create table sessions (
    id uuid not null,
    user_id uuid not null,
    token_hash bytea not null,
    user_agent text not null default '',
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    constraint sessions_pkey primary key (id),
    constraint sessions_token_hash_key unique (token_hash),
    constraint sessions_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index sessions_user_id_idx on sessions (user_id);

create table email_tokens (
    token_hash bytea not null,
    user_id uuid not null,
    purpose text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint email_tokens_pkey primary key (token_hash),
    constraint email_tokens_purpose_check check (purpose in ('verify_email', 'reset_password')),
    constraint email_tokens_user_id_fkey foreign key (user_id) references users (id) on delete cascade
);
create index email_tokens_user_id_idx on email_tokens (user_id);

-- ---------------------------------------------------------------- organizations

create table organizations (
    id uuid not null,
    slug text not null,
    name text not null,
    description_md text not null default '',
    contact_email text not null,
    website text not null default '',
    country text not null default '',
    state text not null default 'active',
    suspended_reason text,
    suspended_at timestamptz,
    created_at timestamptz not null,
    constraint organizations_pkey primary key (id),
    constraint organizations_slug_key unique (slug),
    constraint organizations_name_check check (char_length(name) between 1 and 120),
    constraint organizations_state_check check (state in ('active', 'suspended'))
);
create index organizations_name_trgm on organizations using gin (name gin_trgm_ops);

create table memberships (
    organization_id uuid not null,
    user_id uuid not null,
    role text not null,
    created_at timestamptz not null,
    constraint memberships_pkey primary key (organization_id, user_id),
    constraint memberships_role_check check (role in ('owner', 'manager', 'door')),
    constraint memberships_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint memberships_user_id_fkey foreign key (user_id) references users (id)
);
create index memberships_user_id_idx on memberships (user_id);

create table invitations (
    id uuid not null,
    organization_id uuid not null,
    email text not null,
    role text not null,
    token_hash bytea not null,
    invited_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz,
    constraint invitations_pkey primary key (id),
    constraint invitations_token_hash_key unique (token_hash),
    constraint invitations_role_check check (role in ('owner', 'manager', 'door')),
    constraint invitations_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint invitations_invited_by_fkey foreign key (invited_by) references users (id)
);
create unique index invitations_organization_id_email_open_key
    on invitations (organization_id, lower(email)) where accepted_at is null and revoked_at is null;

-- Ticket codes of an organization are signed with its unretired key; older public keys stay to verify.
create table signing_keys (
    key_id integer generated always as identity,
    organization_id uuid not null,
    public_key bytea not null,
    private_key_sealed bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    constraint signing_keys_pkey primary key (key_id),
    constraint signing_keys_public_key_check check (octet_length(public_key) = 32),
    constraint signing_keys_organization_id_fkey foreign key (organization_id) references organizations (id)
);
create index signing_keys_organization_id_idx on signing_keys (organization_id);
create unique index signing_keys_current_key on signing_keys (organization_id) where retired_at is null;

create table files (
    id uuid not null,
    organization_id uuid not null,
    content_type text not null,
    size_bytes bigint not null,
    width integer not null,
    height integer not null,
    sha256 bytea not null,
    created_at timestamptz not null,
    constraint files_pkey primary key (id),
    constraint files_size_bytes_check check (size_bytes > 0),
    constraint files_organization_id_fkey foreign key (organization_id) references organizations (id)
);
create index files_organization_id_idx on files (organization_id);

-- ---------------------------------------------------------------- catalogue

create table events (
    id uuid not null,
    organization_id uuid not null,
    slug text not null,
    title text not null,
    summary text not null default '',
    description_md text not null default '',
    category text not null,
    language text not null default 'en',
    state text not null default 'draft',
    visibility text not null default 'public',
    attendance text not null default 'in_person',
    venue_name text not null default '',
    venue_address text not null default '',
    venue_city text not null default '',
    venue_country text not null default '',
    online_url text not null default '',
    time_zone text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    currency text not null,
    image_id uuid,
    -- [{"days_before": 14, "percent": 100}, …]: what a buyer gets back; empty = no refunds by the buyer.
    refund_policy jsonb not null default '[]',
    state_reason text not null default '',
    published_at timestamptz,
    -- Raised on each change that calendars must take over (RFC 5545 SEQUENCE).
    sequence integer not null default 0,
    -- Filled by the worker from the outbox.
    search_text text not null default '',
    search_vector tsvector not null default '',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint events_pkey primary key (id),
    constraint events_slug_key unique (slug),
    constraint events_title_check check (char_length(title) between 1 and 160),
    constraint events_state_check check (state in ('draft', 'published', 'postponed', 'cancelled')),
    constraint events_visibility_check check (visibility in ('public', 'unlisted')),
    constraint events_attendance_check check (attendance in ('in_person', 'online')),
    constraint events_ends_at_check check (ends_at > starts_at),
    constraint events_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint events_organization_id_id_key unique (organization_id, id),
    constraint events_organization_id_fkey foreign key (organization_id) references organizations (id),
    constraint events_image_id_fkey foreign key (image_id) references files (id)
);
create index events_listing_idx on events (starts_at, id) where state <> 'draft' and visibility = 'public';
create index events_organization_id_starts_at_idx on events (organization_id, starts_at desc, id desc);
create index events_search_vector_idx on events using gin (search_vector);
create index events_search_text_trgm on events using gin (search_text gin_trgm_ops);
create index events_venue_city_idx on events (venue_city, starts_at) where state <> 'draft' and visibility = 'public';
create index events_image_id_idx on events (image_id);

-- Capacity shared by ticket types. The check is the last line against overselling.
create table pools (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    name text not null,
    capacity integer not null,
    held integer not null default 0,
    sold integer not null default 0,
    position smallint not null default 0,
    constraint pools_pkey primary key (id),
    constraint pools_name_check check (char_length(name) between 1 and 80),
    constraint pools_capacity_check check (capacity between 0 and 1000000),
    constraint pools_held_check check (held >= 0),
    constraint pools_sold_check check (sold >= 0),
    constraint pools_no_oversell_check check (held + sold <= capacity),
    constraint pools_event_id_name_key unique (event_id, name),
    constraint pools_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index pools_organization_id_event_id_idx on pools (organization_id, event_id);

create table ticket_types (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    -- Small number of the type within its event; part of the signed ticket code.
    number smallint not null,
    name text not null,
    description text not null default '',
    price_minor bigint not null,
    min_per_order smallint not null default 1,
    max_per_order smallint not null default 10,
    sales_from timestamptz,
    sales_until timestamptz,
    position smallint not null default 0,
    state text not null default 'active',
    created_at timestamptz not null,
    constraint ticket_types_pkey primary key (id),
    constraint ticket_types_event_id_number_key unique (event_id, number),
    constraint ticket_types_name_check check (char_length(name) between 1 and 80),
    constraint ticket_types_price_minor_check check (price_minor between 0 and 100000000000),
    constraint ticket_types_per_order_check check (min_per_order between 1 and max_per_order and max_per_order <= 100),
    constraint ticket_types_sales_until_check check (sales_until is null or sales_from is null or sales_until > sales_from),
    constraint ticket_types_state_check check (state in ('active', 'paused', 'archived')),
    constraint ticket_types_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index ticket_types_organization_id_event_id_idx on ticket_types (organization_id, event_id, position);

create table ticket_type_pools (
    organization_id uuid not null,
    ticket_type_id uuid not null,
    pool_id uuid not null,
    constraint ticket_type_pools_pkey primary key (ticket_type_id, pool_id),
    constraint ticket_type_pools_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id) on delete cascade,
    constraint ticket_type_pools_pool_id_fkey foreign key (pool_id) references pools (id) on delete cascade
);
create index ticket_type_pools_pool_id_idx on ticket_type_pools (pool_id);

-- ---------------------------------------------------------------- sales

create table holds (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    token_hash bytea not null,
    state text not null default 'active',
    locale text not null default 'en',
    extended boolean not null default false,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint holds_pkey primary key (id),
    constraint holds_token_hash_key unique (token_hash),
    -- ordered: its places went over to an order; released, expired: given back.
    constraint holds_state_check check (state in ('active', 'ordered', 'released', 'expired')),
    constraint holds_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index holds_expires_at_idx on holds (expires_at) where state = 'active';
create index holds_organization_id_event_id_idx on holds (organization_id, event_id);

create table hold_lines (
    hold_id uuid not null,
    organization_id uuid not null,
    ticket_type_id uuid not null,
    quantity smallint not null,
    -- The price promised when the hold was made.
    unit_price_minor bigint not null,
    constraint hold_lines_pkey primary key (hold_id, ticket_type_id),
    constraint hold_lines_quantity_check check (quantity between 1 and 100),
    constraint hold_lines_hold_id_fkey foreign key (hold_id) references holds (id) on delete cascade,
    constraint hold_lines_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id)
);
create index hold_lines_ticket_type_id_idx on hold_lines (ticket_type_id);

create table orders (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    hold_id uuid,
    code text not null,
    -- SHA-256 of the secret in the buyer's permanent link; the secret itself is derived, not stored.
    secret_hash bytea not null,
    state text not null,
    -- Where this order's places are counted: pools.held (payment awaited), pools.sold (paid), or nowhere any more.
    stock text not null,
    locale text not null default 'en',
    buyer_name text not null,
    buyer_email text not null,
    invoice_name text not null default '',
    invoice_address text not null default '',
    invoice_vat_id text not null default '',
    currency text not null,
    total_minor bigint not null,
    refunded_minor bigint not null default 0,
    -- The policy as it was when the buyer agreed to it.
    refund_policy jsonb not null default '[]',
    created_at timestamptz not null,
    -- While pending: until when the places are kept.
    expires_at timestamptz,
    paid_at timestamptz,
    cancelled_at timestamptz,
    cancel_reason text not null default '',
    constraint orders_pkey primary key (id),
    constraint orders_code_key unique (code),
    constraint orders_secret_hash_key unique (secret_hash),
    constraint orders_hold_id_key unique (hold_id),
    constraint orders_state_check check (state in ('pending', 'paid', 'cancelled', 'expired', 'refunded')),
    constraint orders_stock_check check (stock in ('held', 'sold', 'released')),
    constraint orders_total_minor_check check (total_minor >= 0),
    constraint orders_refunded_minor_check check (refunded_minor between 0 and total_minor),
    constraint orders_buyer_name_check check (char_length(buyer_name) between 1 and 120),
    constraint orders_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id),
    constraint orders_hold_id_fkey foreign key (hold_id) references holds (id)
);
create index orders_organization_id_created_at_idx on orders (organization_id, created_at desc, id desc);
create index orders_event_id_created_at_idx on orders (event_id, created_at desc, id desc);
create index orders_buyer_email_idx on orders (lower(buyer_email));
create index orders_buyer_email_trgm on orders using gin (buyer_email gin_trgm_ops);
create index orders_buyer_name_trgm on orders using gin (buyer_name gin_trgm_ops);
create index orders_pending_idx on orders (expires_at) where state = 'pending';

create table order_lines (
    id uuid not null,
    organization_id uuid not null,
    order_id uuid not null,
    ticket_type_id uuid not null,
    quantity smallint not null,
    unit_price_minor bigint not null,
    constraint order_lines_pkey primary key (id),
    constraint order_lines_order_id_ticket_type_id_key unique (order_id, ticket_type_id),
    constraint order_lines_quantity_check check (quantity between 1 and 100),
    constraint order_lines_order_id_fkey foreign key (order_id) references orders (id),
    constraint order_lines_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id)
);
create index order_lines_ticket_type_id_idx on order_lines (ticket_type_id);

-- Who comes: one row per ticket to be, kept from the details step until tickets are issued on payment.
create table attendees (
    order_line_id uuid not null,
    n smallint not null,
    organization_id uuid not null,
    name text not null,
    email text not null default '',
    constraint attendees_pkey primary key (order_line_id, n),
    constraint attendees_name_check check (char_length(name) between 1 and 120),
    constraint attendees_order_line_id_fkey foreign key (order_line_id) references order_lines (id)
);

create table tickets (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    order_id uuid not null,
    order_line_id uuid not null,
    ticket_type_id uuid not null,
    n smallint not null,
    -- Raised when the code is reissued; only the newest issue of (order_line_id, n) is valid.
    issue smallint not null default 1,
    state text not null default 'valid',
    holder_name text not null,
    holder_email text not null default '',
    code text not null,
    key_id integer not null,
    issued_at timestamptz not null,
    cancelled_at timestamptz,
    constraint tickets_pkey primary key (id),
    constraint tickets_order_line_id_n_issue_key unique (order_line_id, n, issue),
    constraint tickets_state_check check (state in ('valid', 'cancelled', 'replaced')),
    constraint tickets_order_id_fkey foreign key (order_id) references orders (id),
    constraint tickets_order_line_id_fkey foreign key (order_line_id) references order_lines (id),
    constraint tickets_ticket_type_id_fkey foreign key (ticket_type_id) references ticket_types (id),
    constraint tickets_key_id_fkey foreign key (key_id) references signing_keys (key_id),
    constraint tickets_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create unique index tickets_order_line_id_n_live_key on tickets (order_line_id, n) where state = 'valid';
create index tickets_order_id_idx on tickets (order_id);
create index tickets_event_id_idx on tickets (event_id, id);
create index tickets_holder_name_trgm on tickets using gin (holder_name gin_trgm_ops);

-- ---------------------------------------------------------------- money

create table payments (
    id uuid not null,
    organization_id uuid not null,
    order_id uuid not null,
    provider text not null,
    provider_ref text not null,
    state text not null,
    amount_minor bigint not null,
    currency text not null,
    decline_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint payments_pkey primary key (id),
    constraint payments_provider_provider_ref_key unique (provider, provider_ref),
    constraint payments_state_check check (state in ('created', 'processing', 'succeeded', 'failed', 'refunded')),
    constraint payments_amount_minor_check check (amount_minor > 0),
    constraint payments_order_id_fkey foreign key (order_id) references orders (id)
);
create index payments_order_id_idx on payments (order_id);
-- One captured payment per order.
create unique index payments_order_id_succeeded_key on payments (order_id) where state = 'succeeded';

-- What providers told us, each message once.
create table payment_events (
    provider text not null,
    provider_event_id text not null,
    organization_id uuid not null,
    payment_id uuid not null,
    kind text not null,
    received_at timestamptz not null,
    constraint payment_events_pkey primary key (provider, provider_event_id),
    constraint payment_events_payment_id_fkey foreign key (payment_id) references payments (id)
);
create index payment_events_payment_id_idx on payment_events (payment_id);

create table refunds (
    id uuid not null,
    organization_id uuid not null,
    order_id uuid not null,
    payment_id uuid not null,
    amount_minor bigint not null,
    currency text not null,
    state text not null,
    reason text not null default '',
    provider_ref text,
    requested_by uuid,
    created_at timestamptz not null,
    completed_at timestamptz,
    constraint refunds_pkey primary key (id),
    constraint refunds_amount_minor_check check (amount_minor > 0),
    constraint refunds_state_check check (state in ('pending', 'succeeded', 'failed')),
    constraint refunds_order_id_fkey foreign key (order_id) references orders (id),
    constraint refunds_payment_id_fkey foreign key (payment_id) references payments (id)
);
create index refunds_order_id_idx on refunds (order_id);
create index refunds_payment_id_idx on refunds (payment_id);

create table ledger_transactions (
    id uuid not null,
    organization_id uuid not null,
    kind text not null,
    order_id uuid,
    refund_id uuid,
    occurred_at timestamptz not null,
    constraint ledger_transactions_pkey primary key (id),
    constraint ledger_transactions_kind_check check (kind in ('sale', 'refund')),
    constraint ledger_transactions_order_id_fkey foreign key (order_id) references orders (id),
    constraint ledger_transactions_refund_id_fkey foreign key (refund_id) references refunds (id)
);
create index ledger_transactions_order_id_idx on ledger_transactions (order_id);
create index ledger_transactions_organization_id_idx on ledger_transactions (organization_id, occurred_at);

create table ledger_entries (
    transaction_id uuid not null,
    n smallint not null,
    organization_id uuid not null,
    account text not null,
    amount_minor bigint not null,
    currency text not null,
    constraint ledger_entries_pkey primary key (transaction_id, n),
    constraint ledger_entries_amount_minor_check check (amount_minor <> 0),
    constraint ledger_entries_transaction_id_fkey foreign key (transaction_id) references ledger_transactions (id)
);
create index ledger_entries_account_idx on ledger_entries (organization_id, account, currency);

create function ledger_entries_sum_zero() returns trigger language plpgsql as $$
begin
    if exists (
        select from ledger_entries
        where transaction_id = new.transaction_id
        group by currency
        having sum(amount_minor) <> 0
    ) then
        raise exception 'ledger transaction % does not sum to zero', new.transaction_id
            using errcode = 'check_violation', constraint = 'ledger_entries_sum_zero_check';
    end if;
    return null;
end
$$;
create constraint trigger ledger_entries_sum_zero_check
    after insert on ledger_entries
    deferrable initially deferred
    for each row execute function ledger_entries_sum_zero();

-- ---------------------------------------------------------------- door

create table pairings (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    token_hash bytea not null,
    gate text not null default '',
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint pairings_pkey primary key (id),
    constraint pairings_token_hash_key unique (token_hash),
    constraint pairings_created_by_fkey foreign key (created_by) references users (id),
    constraint pairings_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index pairings_organization_id_event_id_idx on pairings (organization_id, event_id);

create table devices (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    name text not null,
    gate text not null default '',
    token_hash bytea not null,
    paired_at timestamptz not null,
    last_seen_at timestamptz not null,
    lease_until timestamptz not null,
    pending integer not null default 0,
    revoked_at timestamptz,
    constraint devices_pkey primary key (id),
    constraint devices_token_hash_key unique (token_hash),
    constraint devices_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
create index devices_organization_id_event_id_idx on devices (organization_id, event_id);

-- Each scan that a device decided, under the id the device gave it. Nothing is dropped; the time is the scan's own.
create table check_ins (
    id uuid not null,
    organization_id uuid not null,
    event_id uuid not null,
    device_id uuid not null,
    ticket_id uuid,
    kind text not null,
    verdict text not null,
    -- accepted; conflict: another device admitted it too; late_revoked: it was void; refused: the door said no; undone.
    outcome text not null,
    gate text not null default '',
    scanned_at timestamptz not null,
    counter bigint not null,
    -- For an undo: the scan it takes back.
    undoes uuid,
    recorded_at timestamptz not null,
    constraint check_ins_pkey primary key (id),
    constraint check_ins_kind_check check (kind in ('admit', 'refuse', 'undo')),
    constraint check_ins_outcome_check check (outcome in ('accepted', 'conflict', 'late_revoked', 'refused', 'undone')),
    constraint check_ins_device_id_counter_key unique (device_id, counter),
    constraint check_ins_device_id_fkey foreign key (device_id) references devices (id),
    constraint check_ins_ticket_id_fkey foreign key (ticket_id) references tickets (id),
    constraint check_ins_organization_id_event_id_fkey foreign key (organization_id, event_id)
        references events (organization_id, id)
);
-- A ticket is inside at most once.
create unique index check_ins_ticket_id_admitted_key on check_ins (ticket_id) where kind = 'admit' and outcome = 'accepted';
create index check_ins_event_id_scanned_at_idx on check_ins (event_id, scanned_at desc, id desc);
create index check_ins_ticket_id_idx on check_ins (ticket_id);

-- ---------------------------------------------------------------- announcements, work, proof

-- Written in the same transaction as the change it tells of; read only below the oldest running transaction.
create table outbox (
    id bigint generated always as identity,
    organization_id uuid,
    topic text not null,
    payload jsonb not null,
    transaction xid8 not null default pg_current_xact_id(),
    created_at timestamptz not null,
    constraint outbox_pkey primary key (id)
);

create table jobs (
    id bigint generated always as identity,
    organization_id uuid,
    kind text not null,
    payload jsonb not null,
    dedupe_key text,
    run_at timestamptz not null,
    attempts integer not null default 0,
    locked_until timestamptz,
    last_error text,
    dead_at timestamptz,
    created_at timestamptz not null,
    constraint jobs_pkey primary key (id),
    constraint jobs_dedupe_key_key unique (dedupe_key)
);
create index jobs_run_at_idx on jobs (run_at) where dead_at is null;

create table mails (
    id uuid not null,
    organization_id uuid,
    order_id uuid,
    kind text not null,
    dedupe_key text not null,
    recipient text not null,
    locale text not null,
    payload jsonb not null,
    state text not null default 'queued',
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint mails_pkey primary key (id),
    constraint mails_dedupe_key_key unique (dedupe_key),
    constraint mails_state_check check (state in ('queued', 'sent', 'dead')),
    constraint mails_order_id_fkey foreign key (order_id) references orders (id)
);
create index mails_queued_idx on mails (next_attempt_at) where state = 'queued';
create index mails_order_id_idx on mails (order_id);

create table idempotency_keys (
    scope text not null,
    key text not null,
    fingerprint bytea not null,
    response jsonb,
    created_at timestamptz not null,
    constraint idempotency_keys_pkey primary key (scope, key),
    constraint idempotency_keys_key_check check (char_length(key) between 8 and 100)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

create table audit_entries (
    id uuid not null,
    organization_id uuid,
    actor_id uuid,
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    reason text not null default '',
    before jsonb,
    after jsonb,
    occurred_at timestamptz not null,
    constraint audit_entries_pkey primary key (id),
    constraint audit_entries_actor_id_fkey foreign key (actor_id) references users (id)
);
create index audit_entries_occurred_at_idx on audit_entries (occurred_at desc, id desc);
create index audit_entries_organization_id_idx on audit_entries (organization_id, occurred_at desc, id desc);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function refuse_change();
create trigger ledger_entries_append_only before update or delete on ledger_entries
    for each row execute function refuse_change();
create trigger ledger_transactions_append_only before update or delete on ledger_transactions
    for each row execute function refuse_change();

-- ---------------------------------------------------------------- walls

grant usage on schema public to bilten_app;
grant select, insert, update, delete on all tables in schema public to bilten_app;
grant usage, select on all sequences in schema public to bilten_app;
revoke update, delete on audit_entries, ledger_entries, ledger_transactions, payment_events from bilten_app;

do $$
declare
    name text;
begin
    foreach name in array array[
        'memberships', 'invitations', 'signing_keys', 'files', 'events', 'pools', 'ticket_types', 'ticket_type_pools',
        'holds', 'hold_lines', 'orders', 'order_lines', 'attendees', 'tickets', 'payments', 'payment_events', 'refunds',
        'ledger_transactions', 'ledger_entries', 'pairings', 'devices', 'check_ins',
        'outbox', 'jobs', 'mails', 'audit_entries'
    ] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
    -- Queues and proof also hold rows of no organization: any scope may add one, only platform and system read them.
    foreach name in array array['outbox', 'jobs', 'mails', 'audit_entries'] loop
        execute format(
            'create policy %I on %I for insert with check (organization_id is null and bilten_scope() <> '''')',
            name || '_unowned', name);
    end loop;
end
$$;

alter table organizations enable row level security;
alter table organizations force row level security;
create policy organizations_tenant on organizations
    using (bilten_sees(id)) with check (bilten_sees(id));
create policy organizations_public on organizations for select
    using (bilten_scope() = 'public' and state = 'active');
create policy organizations_member on organizations for select
    using (bilten_scope() = 'account' and exists (
        select from memberships m where m.organization_id = organizations.id and m.user_id = bilten_account()));

-- A signed-in person sees their own memberships, to choose the organization to work for.
create policy memberships_own on memberships for select
    using (bilten_scope() = 'account' and user_id = bilten_account());

-- What visitors see: published things of active organizations.
create policy events_public on events for select
    using (bilten_scope() = 'public' and state <> 'draft' and exists (
        select from organizations o where o.id = organization_id and o.state = 'active'));
create policy ticket_types_public on ticket_types for select
    using (bilten_scope() = 'public' and state <> 'archived');
create policy pools_public on pools for select using (bilten_scope() = 'public');
create policy ticket_type_pools_public on ticket_type_pools for select using (bilten_scope() = 'public');
create policy files_public on files for select using (bilten_scope() = 'public');

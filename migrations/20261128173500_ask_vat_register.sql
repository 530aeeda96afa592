-- What the register of the Union (VIES) says of VAT ids. Facts about ids, whoever uses them: one row for each id.

create table vat_checks (
    -- With the prefix of its country, as organizations and buyers are asked for it.
    vat_id text not null,
    -- unknown: not answered yet, or never.
    state text not null default 'unknown',
    answered_at timestamptz,
    -- By which the register knows the question, where it gave one: evidence that it was asked.
    identifier text not null default '',
    -- When it is asked the next time; nothing: not by itself.
    ask_at timestamptz,
    attempts integer not null default 0,
    last_error text not null default '',
    constraint vat_checks_pkey primary key (vat_id),
    constraint vat_checks_vat_id_check check (vat_id ~ '^[A-Z]{2}[A-Z0-9]{2,18}$'),
    constraint vat_checks_state_check check (state in ('unknown', 'valid', 'invalid')),
    constraint vat_checks_answered_at_check check ((answered_at is null) = (state = 'unknown')),
    constraint vat_checks_identifier_check check (char_length(identifier) <= 60),
    constraint vat_checks_last_error_check check (char_length(last_error) <= 300)
);
create index vat_checks_ask_at_idx on vat_checks (ask_at) where ask_at is not null;

grant select, insert, update on vat_checks to bilten_app;
alter table vat_checks enable row level security;
alter table vat_checks force row level security;
-- Whoever knows an id may ask for it and read what came of it; only the worker writes an answer.
create policy vat_checks_read on vat_checks for select using (bilten_scope() <> '');
create policy vat_checks_ask on vat_checks for insert with check (bilten_scope() <> '' and state = 'unknown');
create policy vat_checks_again on vat_checks for update
    using (bilten_scope() <> '') with check (bilten_scope() in ('system', 'platform') or ask_at is not null);

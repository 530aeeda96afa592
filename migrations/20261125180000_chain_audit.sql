-- The record of who did what can be proven whole: the application signs each entry as it writes it, and the worker links
-- the entries of each tenant into a chain afterwards, so that nobody who acts waits for it.

alter table audit_entries add column mac bytea;

-- Entries that are not linked yet.
create table audit_unlinked (
    entry_id uuid not null,
    organization_id uuid,
    constraint audit_unlinked_pkey primary key (entry_id),
    constraint audit_unlinked_entry_id_fkey foreign key (entry_id) references audit_entries (id)
);
insert into audit_unlinked (entry_id, organization_id) select id, organization_id from audit_entries;

create table audit_links (
    entry_id uuid not null,
    -- Null: the platform's own chain.
    organization_id uuid,
    -- From one on, without gaps.
    position bigint not null,
    -- Over the link before and the entry's own signature.
    mac bytea not null,
    constraint audit_links_pkey primary key (entry_id),
    constraint audit_links_entry_id_fkey foreign key (entry_id) references audit_entries (id)
);
create unique index audit_links_chain_position_key
    on audit_links (coalesce(organization_id, '00000000-0000-0000-0000-000000000000'), position);
create trigger audit_links_append_only before update or delete on audit_links
    for each row execute function refuse_change();

-- How long each chain is, signed: without it, the last links could be cut off unseen.
create table audit_heads (
    -- The organization, or all zeros for the platform.
    chain uuid not null,
    organization_id uuid,
    position bigint not null,
    mac bytea not null,
    constraint audit_heads_pkey primary key (chain)
);

do $$
declare
    name text;
begin
    foreach name in array array['audit_unlinked', 'audit_links', 'audit_heads'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format(
            'create policy %I on %I using (bilten_sees(organization_id)) with check (bilten_sees(organization_id))',
            name || '_tenant', name);
    end loop;
end
$$;
create policy audit_unlinked_unowned on audit_unlinked for insert
    with check (organization_id is null and bilten_scope() <> '');
grant select, insert, delete on audit_unlinked to bilten_app;
grant select, insert on audit_links to bilten_app;
grant select, insert, update on audit_heads to bilten_app;

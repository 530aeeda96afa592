-- What everybody may find, apart from the events themselves: rows of `events` are behind the walls of their tenants, and
-- behind a wall PostgreSQL may not use an index for words. Nothing stands here but what visitors may see anyway; the
-- tables it is drawn from keep it themselves, so that no way of changing them can forget it.

create table listings (
    event_id uuid not null,
    organizer_id uuid not null,
    category text not null,
    city text not null,
    -- Whether one takes part from home.
    online boolean not null,
    -- Whether it costs nothing to come, in at least one way.
    free boolean not null,
    -- Neither called off nor put off.
    happening boolean not null,
    time_zone text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- Weighted words, and the same folded as one text, for slips of the finger.
    words tsvector not null,
    folded text not null,
    constraint listings_pkey primary key (event_id),
    constraint listings_event_id_fkey foreign key (event_id) references events (id) on delete cascade
);
-- Written by the functions below alone.
grant select on listings to bilten_app;

-- One at a time for each event: of two changes at once the later must see what the earlier did.
create function list_events(which uuid[]) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform from events where id = any(which) order by id for no key update;
    insert into listings (event_id, organizer_id, category, city, online, free, happening, time_zone, starts_at, ends_at,
                          words, folded)
    select e.id, e.organization_id, e.category, e.venue_city, e.attendance = 'online',
           exists (select from ticket_types t where t.event_id = e.id and t.state <> 'archived' and t.price_minor = 0),
           e.state = 'published', e.time_zone, e.starts_at, e.ends_at, e.search_vector, e.search_text
    from events e
    join organizations o on o.id = e.organization_id and o.state = 'active'
    where e.id = any(which) and e.visibility = 'public' and e.state <> 'draft'
    on conflict (event_id) do update
    set category = excluded.category, city = excluded.city, online = excluded.online, free = excluded.free,
        happening = excluded.happening, time_zone = excluded.time_zone, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at, words = excluded.words, folded = excluded.folded;
    delete from listings l
    where l.event_id = any(which) and not exists (
        select from events e join organizations o on o.id = e.organization_id and o.state = 'active'
        where e.id = l.event_id and e.visibility = 'public' and e.state <> 'draft');
end
$$;

create function list_changed_events() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform list_events(array(select id from changed));
    return null;
end
$$;

create function list_events_of_ticket_types() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform list_events(array(select distinct event_id from changed));
    return null;
end
$$;

create function list_events_of_organization() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    perform list_events(array(select id from events where organization_id = new.id));
    return null;
end
$$;

revoke execute on function list_events(uuid[]), list_changed_events(), list_events_of_ticket_types(),
    list_events_of_organization() from public;

-- As the machine, for whoever migrates may be behind the walls too.
select set_config('bilten.scope', 'system', true);
select list_events(array(select id from events));

create index listings_starts_at_idx on listings (starts_at, event_id);
create index listings_category_idx on listings (category, starts_at, event_id);
create index listings_city_idx on listings (city, starts_at, event_id);
create index listings_organizer_id_idx on listings (organizer_id, starts_at, event_id);
-- What is on at an instant: few of very many.
create index listings_lasting_idx on listings using gist (tstzrange(starts_at, ends_at));
create index listings_words_idx on listings using gin (words);
create index listings_folded_idx on listings using gin (folded gin_trgm_ops);
-- By what one can narrow down is counted from this alone.
create index listings_counts_idx on listings (ends_at) include (category, city) where happening;

drop index events_search_vector_idx;
drop index events_search_text_trgm;
drop index events_listing_idx;
drop index events_venue_city_idx;

create trigger events_made_listing after insert on events
    referencing new table as changed for each statement execute function list_changed_events();
create trigger events_changed_listing after update on events
    referencing new table as changed for each statement execute function list_changed_events();
create trigger ticket_types_made_listing after insert on ticket_types
    referencing new table as changed for each statement execute function list_events_of_ticket_types();
create trigger ticket_types_changed_listing after update on ticket_types
    referencing new table as changed for each statement execute function list_events_of_ticket_types();
create trigger ticket_types_gone_listing after delete on ticket_types
    referencing old table as changed for each statement execute function list_events_of_ticket_types();
create trigger organizations_listing after update of state on organizations
    for each row when (old.state is distinct from new.state) execute function list_events_of_organization();

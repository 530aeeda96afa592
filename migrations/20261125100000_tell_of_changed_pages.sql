-- Whoever keeps rendered pages hears, when the change commits, whose page looks different: the event's address, or `*`
-- where it may be any. Said by the tables themselves, so that no way of changing them can forget it. Places that are held
-- and sold are not told of here: they change many times a second.

create function tell_event_page() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        perform pg_notify('bilten_pages', old.slug);
    end if;
    if tg_op <> 'DELETE' then
        perform pg_notify('bilten_pages', new.slug);
    end if;
    return null;
end
$$;

create function tell_page_of_event() returns trigger language plpgsql as $$
declare
    changed uuid := case when tg_op = 'DELETE' then old.event_id else new.event_id end;
begin
    perform pg_notify('bilten_pages', e.slug) from events e where e.id = changed;
    return null;
end
$$;

create function tell_all_pages() returns trigger language plpgsql as $$
begin
    perform pg_notify('bilten_pages', '*');
    return null;
end
$$;

create trigger events_page after insert or update or delete on events
    for each row execute function tell_event_page();
create trigger ticket_types_page after insert or update or delete on ticket_types
    for each row execute function tell_page_of_event();
create trigger pools_page after insert or delete or update of name, capacity on pools
    for each row execute function tell_page_of_event();
create trigger organizations_page after update or delete on organizations
    for each statement execute function tell_all_pages();

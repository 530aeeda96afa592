-- How many places an event has. A pool that is only drawn from together with another one limits a part of that one's
-- places and adds none. Where every type draws from several pools, the smallest is what there surely is.
create function event_capacity(event uuid) returns bigint
    language sql stable
    as $$
        select coalesce(
            sum(p.capacity) filter (where exists (
                select from ticket_type_pools tp
                where tp.pool_id = p.id and not exists (
                    select from ticket_type_pools o where o.ticket_type_id = tp.ticket_type_id and o.pool_id <> p.id
                )
            )),
            min(p.capacity),
            0
        )
        from pools p
        where p.event_id = event
    $$;

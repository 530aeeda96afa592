-- Orders that are requests: an event's organizer decides before they are orders, and a card may be held meanwhile.

alter table events
    -- 'no': nobody is asked. 'hold': the card is held until the organizer has decided.
    add column asking text not null default 'no',
    -- How long they have to decide.
    add column asking_hours smallint not null default 72,
    add constraint events_asking_check check (asking in ('no', 'ask', 'hold')) not valid,
    add constraint events_asking_hours_check
        check (asking_hours between 1 and case asking when 'hold' then 144 else 720 end) not valid;

alter table orders
    -- As the event had it when the order was placed.
    add column asking text not null default 'no',
    add column asking_hours smallint,
    -- Since when the organizer can decide.
    add column asked_at timestamptz,
    add column decision text,
    add column decided_at timestamptz,
    drop constraint orders_state_check,
    add constraint orders_state_check
        check (state in ('pending', 'asked', 'paid', 'cancelled', 'expired', 'refunded')) not valid,
    add constraint orders_asking_check
        check (asking in ('no', 'ask', 'hold') and (asking = 'no') = (asking_hours is null)) not valid,
    add constraint orders_asked_check
        check (state <> 'asked' or (asked_at is not null and expires_at is not null and decision is null)) not valid,
    add constraint orders_decision_check
        check (decision in ('approved', 'declined', 'withdrawn', 'lapsed')
               and (decision is null) = (decided_at is null)) not valid;

alter table payments
    -- The bank is to keep the money ready; it is taken later, or let go.
    add column hold boolean not null default false,
    -- When it was last tried to take it or to let it go.
    add column settling_at timestamptz,
    drop constraint payments_state_check,
    add constraint payments_state_check
        check (state in ('created', 'processing', 'held', 'released', 'succeeded', 'failed', 'refunded')) not valid;

-- From where an order was made: a buyer who tells the bank that it was somebody else can be shown wrong by it. It goes by itself
-- half a year after the event, when no bank asks any more.

alter table orders
    -- An internet address; none where the order was not made by its buyer, or it is not known.
    add column placed_from text,
    -- What the browser calls itself.
    add column placed_with text not null default '',
    add constraint orders_placed_from_check check (char_length(placed_from) <= 45) not valid,
    add constraint orders_placed_with_check check (char_length(placed_with) <= 300) not valid;

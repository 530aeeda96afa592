-- Money that goes straight on makes lines of its own, that name no payment but what they belong to in turn.

alter table provider_book
    -- The charge of a transfer or a fee, the transfer or the fee of what was taken or given back of it.
    add column parent text;

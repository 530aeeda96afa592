-- Nobody writes them: what a booking is about, its kind and what it refers to say.

alter table ledger_transactions
    drop column note,
    drop column booked_by;

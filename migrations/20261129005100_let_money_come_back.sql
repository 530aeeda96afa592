-- A bank returns a payout; and a refund leaves by the platform's bank although it was paid otherwise, or comes back from there.

alter table payouts
    drop constraint payouts_state_check,
    add constraint payouts_state_check check (state in ('requested', 'sent', 'called_off', 'returned')),
    add column returned_at timestamptz,
    add column returned_reason text not null default '',
    add constraint payouts_returned_at_check check ((state = 'returned') = (returned_at is not null)) not valid,
    add constraint payouts_returned_reason_check check (char_length(returned_reason) <= 140) not valid;

-- The provider could not send it, so somebody did with the platform's bank. What was paid by transfer goes back that way anyhow.
alter table refunds add column by_bank boolean not null default false;

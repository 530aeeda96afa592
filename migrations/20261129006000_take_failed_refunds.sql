-- A refund that failed, and that somebody of the platform has taken on to send with its bank: until they say that it is sent, or that
-- they do not send it after all, nobody asks the provider for it once more, which would pay the buyer twice.

alter table refunds
    add column taken_at timestamptz,
    add column taken_by uuid;

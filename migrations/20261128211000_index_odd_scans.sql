-- What whoever runs the doors looks at every few seconds: the few lines of the log that are no plain entry.
create index check_ins_event_id_scanned_at_odd_idx on check_ins (event_id, scanned_at desc, id desc)
    where kind = 'refuse' or forced or outcome in ('conflict', 'late_revoked');

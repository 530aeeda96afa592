-- Reads all bookings, and keeps nobody waiting.
alter table ledger_entries validate constraint ledger_entries_account_check;
alter table ledger_transactions validate constraint ledger_transactions_adjustment_id_fkey;

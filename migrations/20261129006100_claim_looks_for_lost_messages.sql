-- When a look for lost messages began. How far it got (asked_at) is written down after it: one that was cut short is made up for.
alter table provider_book_reads add column looked_at timestamptz;

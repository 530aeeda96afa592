-- From where a hold was asked for, so that nobody keeps all places from all others. A keyed hash: it tells the same
-- address from another, and nothing else.

alter table holds add column asked_by bigint;
create index holds_event_id_asked_by_idx on holds (event_id, asked_by) where asked_by is not null;

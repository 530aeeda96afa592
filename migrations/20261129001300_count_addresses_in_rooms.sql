-- The internet address that a place of a waiting room was used from, by its keyed hash: a waiting room counts by both.
alter table holds add column asked_from bigint;

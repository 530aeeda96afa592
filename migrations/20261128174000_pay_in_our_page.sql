-- An attempt to pay belongs to one way of paying: the provider's own page, or the provider's fields in ours. So two attempts that are
-- begun at the same moment by different ways never share a row, and what is paid twice is seen and sent back.
alter table payments add column in_page boolean not null default false;

-- Whose days and months an organization's figures are of. Empty: the zone of most of its events.
alter table organizations
    add column time_zone text not null default '',
    add constraint organizations_time_zone_check check (char_length(time_zone) <= 64);

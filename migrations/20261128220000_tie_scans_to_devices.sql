-- A scan is of the event of its device. That says at once what two constraints said apart, and less of it: each of them was
-- looked up for every scan, and the one on the event was a lock that all scans of a house wrote into the same row.
alter table devices
    add constraint devices_organization_id_event_id_id_key unique (organization_id, event_id, id);
drop index devices_organization_id_event_id_idx;
alter table check_ins
    add constraint check_ins_organization_id_event_id_device_id_fkey foreign key (organization_id, event_id, device_id)
        references devices (organization_id, event_id, id) not valid;

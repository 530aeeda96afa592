-- Device and event are held by the constraint on both.
alter table check_ins validate constraint check_ins_organization_id_event_id_device_id_fkey;
alter table check_ins
    drop constraint check_ins_device_id_fkey,
    drop constraint check_ins_organization_id_event_id_fkey;

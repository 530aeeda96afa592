-- A platform admin looks at Bilten as somebody else, to help them: a session of that person's, that says who it really is.

alter table sessions add column acted_by uuid;
alter table sessions add column acted_reason text;
alter table sessions add constraint sessions_acted_by_fkey foreign key (acted_by) references users (id);
alter table sessions add constraint sessions_acted_check check ((acted_by is null) = (acted_reason is null) and acted_by <> user_id);
create index sessions_acted_by_idx on sessions (acted_by) where acted_by is not null;

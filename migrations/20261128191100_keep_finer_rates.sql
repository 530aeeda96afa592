-- Rates of tax in thousandths of a percent: New York City takes 8.875 %. A release later nobody reads the old columns any more
-- (`tax_bp`, in hundredths); until then both are kept the same.

alter table events
    add column tax_rate integer,
    add constraint events_tax_rate_check check (tax_rate between 0 and 50000) not valid;
alter table ticket_types
    add column tax_rate integer,
    add constraint ticket_types_tax_rate_check check (tax_rate between 0 and 50000) not valid;
alter table platform_issuer
    add column tax_rate integer,
    add constraint platform_issuer_tax_rate_check check (tax_rate between 0 and 50000) not valid;
alter table hold_lines
    add column tax_rate integer,
    add constraint hold_lines_tax_rate_check check (tax_rate between 0 and 50000) not valid;
alter table order_lines
    add column tax_rate integer,
    add constraint order_lines_tax_rate_check check (tax_rate between 0 and 50000) not valid;

-- What is typed may be changed by the old program and by the new one.
create function keep_tax_rates_same() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.tax_rate is null then
            new.tax_rate := new.tax_bp * 10;
        else
            new.tax_bp := new.tax_rate / 10;
        end if;
    elsif new.tax_rate is distinct from old.tax_rate then
        new.tax_bp := new.tax_rate / 10;
    elsif new.tax_bp is distinct from old.tax_bp then
        new.tax_rate := new.tax_bp * 10;
    end if;
    return new;
end
$$;
create trigger events_tax_rate before insert or update of tax_bp, tax_rate on events
    for each row execute function keep_tax_rates_same();
create trigger ticket_types_tax_rate before insert or update of tax_bp, tax_rate on ticket_types
    for each row execute function keep_tax_rates_same();
create trigger platform_issuer_tax_rate before insert or update of tax_bp, tax_rate on platform_issuer
    for each row execute function keep_tax_rates_same();

-- Lines of sales are written once, by the new program with both columns: only those of the old one need a hand.
create function fill_tax_rate() returns trigger language plpgsql as $$
begin
    new.tax_rate := new.tax_bp * 10;
    return new;
end
$$;
create trigger hold_lines_tax_rate before insert on hold_lines
    for each row when (new.tax_rate is null) execute function fill_tax_rate();
create trigger order_lines_tax_rate before insert on order_lines
    for each row when (new.tax_rate is null) execute function fill_tax_rate();

create or replace view price_terms with (security_invoker = true) as
select e.id as event_id,
       e.organization_id,
       jsonb_build_object(
           'tax_mode', o.tax_mode,
           'category', e.category,
           'in_person', e.attendance = 'in_person',
           -- Admission is taxed where the event is; what has no place, where the organizer is.
           'country', coalesce(
               nullif(case when e.attendance = 'in_person' then e.venue_country else '' end, ''),
               nullif(o.tax_country, ''),
               o.country),
           'tax_bp', e.tax_bp,
           'tax_rate', e.tax_rate,
           'fee_to_buyer_percent', e.fee_to_buyer_percent,
           'plans', (
               select coalesce(jsonb_agg(jsonb_build_object(
                   'own', f.organization_id is not null, 'fixed_minor', f.fixed_minor, 'percent_bp', f.percent_bp,
                   'min_minor', f.min_minor, 'max_minor', f.max_minor, 'valid_from', f.valid_from,
                   'valid_until', f.valid_until)), '[]')
               from fee_plans f
               where f.currency = e.currency and (f.organization_id = e.organization_id or f.organization_id is null))
       ) as terms
from events e
join organizations o on o.id = e.organization_id;

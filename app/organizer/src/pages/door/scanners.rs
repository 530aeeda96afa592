//! Pairing and removing scanners.

use app_api::{
    FormState,
    door::{PairScanner, PairingView, ScannerView, ShutOutScanner},
};
use app_ui::{
    Button, ButtonKind, Choice, Column, ConfirmPanel, DataTable, Disclosure, EmptyState, FormError,
    QrView, RadioGroup, Section, TextInput, use_locale,
};
use leptos::prelude::*;
use locales::door as t;

#[component]
pub fn Pairing(event: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<PairScanner>();
    let made: Option<PairingView> = form.answer();
    let label = if made.is_some() {
        t::pair_another(l)
    } else {
        t::pair_make(l)
    };
    let names = vec![
        Choice::new("full", t::names_full(l)).hint(t::names_full_hint(l)),
        Choice::new("initials", t::names_initials(l)).hint(t::names_initials_hint(l)),
        Choice::new("hidden", t::names_hidden(l)).hint(t::names_hidden_hint(l)),
    ];
    view! {
        <Section title=t::pair(l) lead=t::pair_lead(l)>
            <form method="post" action=form.address() class="form door-form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="event_slug" value=event/>
                <TextInput
                    name="gate"
                    label=t::pair_gate(l)
                    hint=t::pair_gate_hint(l)
                    value=form.value("gate")
                    error=form.error("gate")
                    maxlength=40
                />
                <RadioGroup
                    name="names"
                    legend=t::names_field(l)
                    choices=names
                    selected=form.value_or("names", "full")
                    error=form.error("names")
                />
                <TextInput
                    name="works_until"
                    kind="datetime-local"
                    label=t::works_until(l)
                    hint=t::works_until_hint(l)
                    value=form.value("works_until")
                    error=form.error("works_until")
                />
                <div class="form-actions">
                    <Button>{label}</Button>
                </div>
            </form>
            {made.map(|pairing| view! { <Link pairing/> })}
        </Section>
    }
    .into_any()
}

#[component]
fn Link(pairing: PairingView) -> impl IntoView {
    let l = use_locale();
    let PairingView { link, qr, until } = pairing;
    let address = link.clone();
    view! {
        <div class="door-link" role="status">
            <QrView svg=qr label=t::pair_code(l) large=true/>
            <p>{t::pair_until(l, until)}</p>
            <p class="door-link-text"><a href=address target="_blank" rel="noopener" dir="ltr">{link}</a></p>
        </div>
    }
    .into_any()
}

#[component]
pub fn Scanners(devices: Vec<ScannerView>, manages: bool, event: String) -> impl IntoView {
    let l = use_locale();
    let (gone, here): (Vec<_>, Vec<_>) = devices.into_iter().partition(|device| device.revoked);
    let working = if here.is_empty() {
        view! { <EmptyState title=t::no_scanners(l) text=t::no_scanners_lead(l)/> }.into_any()
    } else {
        table(here, manages, &event)
    };
    let gone = (!gone.is_empty()).then(|| {
        let table = table(gone, false, &event);
        view! { <Disclosure label=t::removed_scanners(l)>{table}</Disclosure> }
    });
    view! {
        <Section title=t::scanners(l)>{working}{gone}</Section>
    }
    .into_any()
}

fn table(devices: Vec<ScannerView>, manages: bool, event: &str) -> AnyView {
    let l = use_locale();
    let heads = [
        t::device(l),
        t::gate(l),
        t::seen(l),
        t::waiting(l),
        t::let_in(l),
        t::battery(l),
        t::names(l),
        t::version(l),
    ];
    // Waiting, let in, battery.
    let numeric = |n: usize| (3..6).contains(&n);
    let mut columns: Vec<Column> = heads
        .into_iter()
        .enumerate()
        .map(|(n, head)| {
            if numeric(n) {
                Column::number(head)
            } else {
                Column::text(head)
            }
        })
        .collect();
    if manages {
        columns.push(Column::actions(t::shut_out(l)));
    }
    let rows = devices
        .into_iter()
        .map(|device| {
            let cells = device.cells.into_iter().zip(heads).enumerate();
            let cells = cells
                .map(|(n, (cell, head))| {
                    view! { <td class:num=numeric(n) data-label=head><bdi>{cell}</bdi></td> }
                })
                .collect_view();
            let remove = manages.then(|| {
                let (event, id) = (event.to_owned(), device.id.to_string());
                view! { <td><Remove event id/></td> }
            });
            view! { <tr>{cells}{remove}</tr> }
        })
        .collect_view();
    view! { <DataTable caption=t::scanners(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

#[component]
fn Remove(event: String, id: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::of::<ShutOutScanner>("device", &id);
    view! {
        <ConfirmPanel label=t::shut_out(l)>
            <p>{t::shut_out_sure(l)}</p>
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <input type="hidden" name="event_slug" value=event/>
                <input type="hidden" name="device" value=id/>
                <Button kind=ButtonKind::Danger>{t::shut_out_confirm(l)}</Button>
            </form>
        </ConfirmPanel>
    }
    .into_any()
}

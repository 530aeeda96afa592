//! Pairing and removing scanners.

use app_api::{
    FormState,
    door::{PairScanner, PairingView, ScannerView, ShutOutScanner},
};
use app_ui::{
    Badge, Button, ButtonKind, Column, ConfirmPanel, DataTable, EmptyState, FormError, QrView,
    Section, TextInput, use_locale,
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
    if devices.is_empty() {
        return view! {
            <Section title=t::scanners(l)>
                <EmptyState title=t::no_scanners(l) text=t::no_scanners_lead(l)/>
            </Section>
        }
        .into_any();
    }
    let columns = vec![
        Column::text(t::device(l)),
        Column::text(t::gate(l)),
        Column::text(t::seen(l)),
        Column::number(t::waiting(l)),
        Column::number(t::let_in(l)),
        Column::actions(t::shut_out(l)),
    ];
    let rows = devices
        .into_iter()
        .map(|device| row(device, manages, &event))
        .collect_view();
    view! {
        <Section title=t::scanners(l)>
            <DataTable caption=t::scanners(l) columns stacked=true>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

fn row(device: ScannerView, manages: bool, event: &str) -> AnyView {
    let l = use_locale();
    let may_remove = manages && !device.revoked;
    let event = event.to_owned();
    let id = device.id;
    view! {
        <tr>
            <td data-label=t::device(l)>
                <span dir="auto">{device.name}</span>
                {device.revoked.then(|| view! { " " <Badge>{t::removed(l)}</Badge> })}
            </td>
            <td data-label=t::gate(l)>{(!device.gate.is_empty()).then(|| view! { <bdi>{device.gate}</bdi> })}</td>
            <td data-label=t::seen(l)>{device.seen}</td>
            <td class="num" data-label=t::waiting(l)>{device.pending}</td>
            <td class="num" data-label=t::let_in(l)>{device.admitted}</td>
            <td>{may_remove.then(|| view! { <Remove event id=id.to_string()/> })}</td>
        </tr>
    }
    .into_any()
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

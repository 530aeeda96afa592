//! Buttons and fields.

use crate::*;
use leptos::prelude::*;
use locales::texts::gallery as t;

#[component]
pub fn Buttons() -> impl IntoView {
    let l = use_locale();
    view! {
        <Section title=t::buttons(l)>
            <div class="stack">
                <div class="btn-row">
                    <Button>{t::primary(l)}</Button>
                    <Button kind=ButtonKind::Secondary>{t::secondary(l)}</Button>
                    <Button kind=ButtonKind::Quiet>{t::quiet(l)}</Button>
                    <Button kind=ButtonKind::Danger>{t::danger(l)}</Button>
                </div>
                <div class="btn-row">
                    <Button disabled=true>{t::disabled(l)}</Button>
                    <Button busy=true>{t::primary(l)}</Button>
                    <Button kind=ButtonKind::Secondary small=true>{t::small_button(l)}</Button>
                    <LinkButton href="#top" kind=ButtonKind::Secondary>
                        {t::secondary(l)}
                        <Icon name=IconName::Arrow/>
                    </LinkButton>
                </div>
                <div class="max-w-sm">
                    <Button wide=true>{t::wide_button(l)}</Button>
                </div>
                <ConfirmPanel label=t::confirm(l)>
                    <p>{t::confirm_text(l)}</p>
                    <div>
                        <Button kind=ButtonKind::Danger>{t::confirm(l)}</Button>
                    </div>
                </ConfirmPanel>
                <ConfirmPanel label=t::confirm(l) open=true>
                    <p>{t::confirm_text(l)}</p>
                    <div>
                        <Button kind=ButtonKind::Danger>{t::confirm(l)}</Button>
                    </div>
                </ConfirmPanel>
                <div>
                    <Disclosure label=t::more(l)>
                        <p>{t::confirm_text(l)}</p>
                    </Disclosure>
                    <Disclosure label=t::more(l) open=true>
                        <p>{t::confirm_text(l)}</p>
                    </Disclosure>
                </div>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
pub fn Fields() -> impl IntoView {
    let l = use_locale();
    let countries = move || {
        vec![
            Choice::new("SI", t::country_a(l)),
            Choice::new("JO", t::country_b(l)),
            Choice::new("JP", t::country_c(l)),
        ]
    };
    let ways = vec![
        Choice::new("card", t::pay_card(l)).hint(t::pay_card_hint(l)),
        Choice::new("wallet", t::pay_wallet(l)),
        Choice::new("transfer", t::pay_transfer(l))
            .hint(t::pay_transfer_hint(l))
            .disabled(),
    ];
    view! {
        <Section title=t::fields(l)>
            <div class="form">
                <div class="form-row">
                    <TextInput name="name" label=t::name(l) value=t::person_a(l) required=true autocomplete="name"/>
                    <TextInput name="place" label=t::place(l) suggestions=countries()/>
                </div>
                <TextInput
                    name="email"
                    label=t::email(l)
                    kind="email"
                    value="ana@example"
                    hint=t::email_hint(l)
                    error=t::email_fault(l)
                    required=true
                />
                <div class="form-row">
                    <TextInput name="price" label=t::price(l) inputmode="decimal" value="48.20" suffix="EUR" required=true/>
                    <TextInput name="starts" label=t::starts(l) kind="datetime-local" value="2026-03-14T19:30" required=true/>
                </div>
                <div class="form-row">
                    <Select name="country" label=t::country(l) choices=countries() required=true/>
                    <Select name="country2" label=t::country(l) choices=countries() selected="JO" required=true/>
                </div>
                <TextArea name="about" label=t::about(l) hint=t::about_hint(l) value=t::about_value(l) rows=3/>
                <TextInput name="fixed" label=t::column_code(l) value="K7M2QX9P" readonly=true required=true/>
                <div>
                    <Checkbox name="news" label=t::agree(l) hint=t::agree_hint(l) checked=true/>
                    <Checkbox name="terms" label=t::agree(l) error=t::agree_fault(l)/>
                </div>
                <RadioGroup name="way" legend=t::pay_with(l) choices=ways selected="card"/>
                <RadioGroup name="where" legend=t::country(l) choices=countries() inline=true/>
                <div class="btn-row items-start">
                    <Stepper name="count" label=t::quantity(l) value=2 max=4/>
                    <Stepper name="count_wrong" label=t::quantity(l) value=4 max=4 error=t::fault_too_many(l)/>
                    <Stepper name="count_off" label=t::quantity(l) disabled=true/>
                </div>
                <SearchBox action="#top" label=t::find(l) placeholder=t::find_hint(l)/>
            </div>
        </Section>
    }
    .into_any()
}

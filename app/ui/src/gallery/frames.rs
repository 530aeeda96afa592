//! Type, cards and what surrounds them.

use crate::*;
use leptos::prelude::*;
use locales::texts::gallery as t;

/// Nine squares: enough to see the size and the quiet zone.
const SAMPLE: &str = "<svg viewBox=\"0 0 9 9\"><path d=\"M1 1h3v3H1zM5 1h3v3H5zM1 5h3v3H1zM6 6h1v1H6zM5 5h1v1H5zM7 7h1v1H7z\"/></svg>";

/// Stripes, drawn in place so that the page needs no file.
fn poster() -> Picture {
    let src = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 9'%3E%3Cpath fill='%23111' d='M0 0h16v9H0z'/%3E%3Cpath stroke='%23fff' stroke-width='.7' d='M0 9L9 0M3 9l9-9M6 9l9-9'/%3E%3C/svg%3E";
    Picture {
        src: src.to_owned(),
        ..Picture::default()
    }
}

#[component]
pub fn Letters() -> impl IntoView {
    let l = use_locale();
    view! {
        <Section title=t::r#type(l)>
            <div class="stack">
                <p class="display">{t::display(l)}</p>
                <h2 class="text-3xl">{t::heading(l)}</h2>
                <h3 class="text-2xl">{t::subheading(l)}</h3>
                <p class="lead">{t::body(l)}</p>
                <div class="prose">
                    <p>{t::body(l)}</p>
                    <ul>
                        <li>{t::info_text(l)}</li>
                        <li><a href="#top">{t::link(l)}</a></li>
                    </ul>
                </div>
                <p class="text-sm text-muted">{t::small(l)}</p>
                <div class="btn-row text-2xl">
                    {[
                        IconName::Arrow, IconName::Calendar, IconName::Check, IconName::Chevron, IconName::Clock,
                        IconName::Cross, IconName::Download, IconName::Edit, IconName::Error, IconName::Filter,
                        IconName::Globe, IconName::Info, IconName::Mail, IconName::Menu, IconName::Minus, IconName::Moon,
                        IconName::Pin, IconName::Plus, IconName::Scan, IconName::Search, IconName::Share, IconName::Sun,
                        IconName::Ticket, IconName::Trash, IconName::User, IconName::Users, IconName::Warning,
                    ]
                        .map(|name| view! { <Icon name/> })
                        .into_iter()
                        .collect_view()}
                </div>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
pub fn Frames() -> impl IntoView {
    let l = use_locale();
    view! {
        <Section title=t::frames(l)>
            <div class="stack">
                <div class="grid-cards">
                    <Tile title=t::here(l) href="#top" eyebrow="14.03. 19:30">
                        <p>{t::place_value(l)}</p>
                    </Tile>
                    <Tile title=t::display(l) href="#top" eyebrow="15.03. 20:00" picture=Some(poster())>
                        <p>{t::place_value(l)}</p>
                    </Tile>
                </div>
                <div class="line-items">
                    <LineItem title=t::kind_early(l) text=t::info_text(l) price="€48.20">
                        <Stepper name="line" label=t::quantity(l) value=1 max=4/>
                    </LineItem>
                    <LineItem title=t::kind_door(l) price="€52.00" dimmed=true>
                        <p class="text-sm text-muted">{t::disabled(l)}</p>
                    </LineItem>
                </div>
                <div class="grid-cards">
                    <Card title=t::card_title(l) href="#top">
                        <p class="text-muted">{t::card_text(l)}</p>
                    </Card>
                    <Card title=t::heading(l)>
                        <p class="text-muted">{t::info_text(l)}</p>
                    </Card>
                    <div class="stub">
                        <div class="stub-part">
                            <h3 class="card-title">{t::here(l)}</h3>
                            <p class="text-muted">{t::place_value(l)}</p>
                        </div>
                        <div class="stub-part">
                            <QrView svg=SAMPLE label=t::code(l)/>
                        </div>
                    </div>
                </div>
                <EmptyState title=t::empty_title(l) text=t::empty_text(l)>
                    <LinkButton href="#top">{t::empty_action(l)}</LinkButton>
                </EmptyState>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
pub fn Bar() -> impl IntoView {
    let l = use_locale();
    view! {
        <StickyBar>
            <Stat label=t::total(l) value="€48.20"/>
            <Button>{t::primary(l)}</Button>
        </StickyBar>
    }
    .into_any()
}

//! The waiting room before a sale: its entrance, the line, and one's turn.

use app_api::{
    FormState, ask,
    checkout::{CODE, JoinWaitingRoom, PlaceView, SendWaitingPlace, WaitingPage, WaitingView},
    path::with_query,
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, Countdown, Disclosure, FormError, LinkButton,
    Notice, TextInput, Tone, use_locale,
};
use domain::waiting_room::{Board, Standing};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, dates, numbers, waiting as t};

use super::event::{Choice, Tickets, code_in_address};
use crate::parts::{fetched, param};

mod watch;

pub fn waiting() -> impl IntoView {
    let (slug, place) = (param("slug"), param("place"));
    let code = code_in_address().unwrap_or_default();
    let page = ask(move || WaitingPage {
        slug: slug.get(),
        place: place.get(),
        code: code.clone(),
    });
    fetched(page, |room| view! { <Room room/> }.into_any())
}

#[component]
fn Room(room: WaitingView) -> impl IntoView {
    let l = use_locale();
    let event = format!("/e/{}", room.slug);
    let (heading, title) = (
        room.title.clone(),
        format!("{} · {}", t::title(l), room.title),
    );
    let body = match (room.over, &room.event, &room.place) {
        (true, ..) => over(l, &event),
        (_, Some(_), Some(_)) => my_turn(room),
        (_, _, Some(place)) => {
            let place = place.clone();
            view! { <Line room place/> }.into_any()
        }
        _ => entrance(room),
    };
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <div class="waiting">
                <p class="eyebrow"><a class="text-link" href=event dir="auto">{heading}</a></p>
                {body}
            </div>
        </Container>
    }
}

/// The event is over, called off or postponed.
fn over(l: Locale, event: &str) -> AnyView {
    view! {
        <h1 class="page-title">{t::over_title(l)}</h1>
        <p class="lead">{t::over_text(l)}</p>
        <p><LinkButton href=event.to_owned() kind=ButtonKind::Secondary>{t::to_event(l)}</LinkButton></p>
    }
    .into_any()
}

fn entrance(room: WaitingView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<JoinWaitingRoom>();
    let opens = room
        .room_opens
        .as_ref()
        .filter(|_| !room.takes)
        .map(|opens| t::opens(l, dates::long(l, opens.at, Some(&opens.zone))));
    let sale = room
        .sale_opens
        .as_ref()
        .map(|sale| t::sale_opens(l, dates::long(l, sale.at, Some(&sale.zone))));
    let gathering = sale.is_some();
    let takes = room.takes;
    view! {
        <h1 class="page-title">{t::title(l)}</h1>
        {sale.map(|sale| view! { <p class="lead">{sale}</p> })}
        {opens.map(|opens| view! { <p class="lead">{opens}</p> })}
        <p>{if gathering { t::how_early(l) } else { t::how_late(l) }}</p>
        {takes
            .then(|| {
                view! {
                    <form method="post" action=form.address() class="form">
                        <FormError error=form.form_error()/>
                        <input type="hidden" name="event" value=room.slug.clone()/>
                        {code_field()}
                        <p><Button>{t::come_in(l)}</Button></p>
                    </form>
                }
            })}
        {proof(l, &room.board, None)}
    }
    .into_any()
}

/// What the address says of a promo code goes on with a form.
fn code_field() -> Option<impl IntoView> {
    code_in_address().map(|code| view! { <input type="hidden" name=CODE value=code/> })
}

/// Where somebody stands, kept up to date.
#[component]
fn Line(room: WaitingView, place: PlaceView) -> impl IntoView {
    let l = use_locale();
    let number = place.number;
    let board = watch::board(&room.slug, number, room.board.clone());
    let standing = Memo::new(move |_| board.with(|board| board.standing(number)));
    let again = room.board.look_again_seconds(number, instant(room.now));
    let gathering = standing.get_untracked() == Standing::Gathering;
    let sale = room.sale_opens.clone().map(|sale| {
        let date = dates::long(l, sale.at, Some(&sale.zone));
        let deadline = room
            .board
            .sale_opens
            .map_or(room.now, |opens| opens.as_second());
        view! {
            <p class="lead">{t::sale_opens(l, date)}</p>
            <Countdown deadline server_now=room.now label=t::until_sale(l)/>
        }
    });
    let code = code_in_address().and_then(|code| domain::promo::fold(&code));
    let (link, slug) = (
        with_query(&place.link, CODE, code.as_deref()),
        room.slug.clone(),
    );
    let again_link = link.clone();
    view! {
        // Without WebAssembly the browser looks again by itself.
        <noscript><meta http-equiv="refresh" content=again.to_string()/></noscript>
        {if gathering {
            view! {
                <h1 class="page-title">{t::gathering_title(l)}</h1>
                {sale}
                <p>{t::how_early(l)}</p>
                <p class="waiting-note">
                    {move || t::gathered(l, board.with(|board| board.arrived))}
                </p>
            }
            .into_any()
        } else {
            view! {
                <h1 class="page-title">{t::line_title(l)}</h1>
                <div class="waiting-place" role="status">
                    {move || match standing.get() {
                        Standing::Waiting { ahead, seconds } => in_line(l, ahead, seconds, board.with(|board| board.left)),
                        Standing::In | Standing::Gathering => view! { <p class="lead">{t::nearly(l)}</p> }.into_any(),
                    }}
                </div>
                {move || board.with(|board| shortage(l, board))}
            }
            .into_any()
        }}
        <p class="waiting-note">{t::stays(l)}</p>
        <p>
            <LinkButton href=again_link kind=ButtonKind::Secondary external=true>{t::look_again(l)}</LinkButton>
        </p>
        <OtherDevice slug place=place.text link/>
        {proof(l, &room.board, Some(number))}
    }
}

fn in_line(l: Locale, ahead: u64, seconds: Option<u64>, left: u32) -> AnyView {
    let how_long = match seconds {
        // The notice below says why.
        None if left == 0 => None,
        None => Some(t::unknown(l).to_owned()),
        Some(seconds) if seconds < 60 => Some(t::under_a_minute(l).to_owned()),
        Some(seconds) => Some(t::about_minutes(l, seconds.div_ceil(60))),
    };
    view! {
        <p class="waiting-figure">
            <span class="waiting-number">{numbers::integer(ahead)}</span>
            <span class="waiting-unit">{t::before_you(l, ahead)}</span>
        </p>
        {how_long.map(|how_long| view! { <p class="lead">{how_long}</p> })}
    }
    .into_any()
}

/// That there may be nothing left.
fn shortage(l: Locale, board: &Board) -> Option<AnyView> {
    let (title, text) = match (board.left, board.unsold) {
        (_, 0) => (t::sold_out_title(l), t::sold_out_text(l)),
        (0, _) => (t::reserved_title(l), t::reserved_text(l)),
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Warning title>{text}</Notice> }.into_any())
}

fn my_turn(room: WaitingView) -> AnyView {
    let l = use_locale();
    let (Some(event), Some(place)) = (room.event, room.place) else {
        return ().into_any();
    };
    let choice = Choice::new(&event);
    view! {
        <h1 class="page-title">{t::turn_title(l)}</h1>
        <p class="lead">{t::turn_text(l)}</p>
        <Tickets event choice place=place.text/>
    }
    .into_any()
}

/// The same place elsewhere: by its link, or by mail.
#[component]
fn OtherDevice(slug: String, place: String, link: String) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SendWaitingPlace>();
    let open = form.done() || form.failed();
    view! {
        <Disclosure label=t::other_device(l) open>
            <div class="stack">
                <p>{t::other_device_text(l)}</p>
                <p class="waiting-link"><bdi dir="ltr">{link}</bdi></p>
                {form.done().then(|| view! { <Notice tone=Tone::Success title=t::sent(l)/> })}
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="event" value=slug/>
                    <input type="hidden" name="place" value=place/>
                    {code_field()}
                    <TextInput
                        name="email"
                        kind="email"
                        label=t::email(l)
                        autocomplete="email"
                        inputmode="email"
                        value=form.value("email")
                        error=form.error("email")
                        required=true
                    />
                    <p><Button kind=ButtonKind::Secondary>{t::send(l)}</Button></p>
                </form>
            </div>
        </Disclosure>
    }
}

/// What the draw can be checked by.
fn proof(l: Locale, board: &Board, number: Option<u64>) -> AnyView {
    let fact = |name: &'static str, value: String| {
        view! { <div class="waiting-fact"><dt>{name}</dt><dd><bdi dir="ltr">{value}</bdi></dd></div> }
    };
    let seed = board.drawn.as_ref().map(|(seed, early)| {
        (
            fact(t::proof_seed(l), seed.clone()),
            fact(t::proof_early(l), early.to_string()),
        )
    });
    let mine = number.map(|number| fact(t::proof_number(l), number.to_string()));
    let drawn_place = board
        .draw()
        .zip(number)
        .map(|(draw, number)| fact(t::proof_place(l), draw.place(number).to_string()));
    let commitment = fact(t::proof_commitment(l), board.commitment.clone());
    view! {
        <Disclosure label=t::proof(l)>
            <div class="stack">
                <p>{t::proof_text(l)}</p>
                <dl class="waiting-facts">
                    {commitment}
                    {seed}
                    {mine}
                    {drawn_place}
                </dl>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn instant(seconds: i64) -> domain::when::Timestamp {
    domain::when::Timestamp::from_second(seconds).unwrap_or_default()
}

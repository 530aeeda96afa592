//! Notices, marks, dialogs and clocks.

use crate::*;
use leptos::prelude::*;
use locales::texts::gallery as t;

#[component]
pub fn Messages() -> impl IntoView {
    let l = use_locale();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let fault = Some(t::error_title(l).to_owned());
    view! {
        <Section title=t::messages(l)>
            <div class="stack">
                <Notice tone=Tone::Info title=t::info_title(l)>{t::info_text(l)}</Notice>
                <Notice tone=Tone::Success title=t::success_title(l)/>
                <Notice tone=Tone::Warning title=t::warning_title(l)>{t::warning_text(l)}</Notice>
                <Notice tone=Tone::Error title=t::error_title(l)>{t::error_text(l)}</Notice>
                <FormError error=fault/>
                <div class="btn-row">
                    <Badge>{t::badge_neutral(l)}</Badge>
                    <Badge tone=Tone::Info>{t::badge_info(l)}</Badge>
                    <Badge tone=Tone::Success>{t::badge_success(l)}</Badge>
                    <Badge tone=Tone::Warning>{t::badge_warning(l)}</Badge>
                    <Badge tone=Tone::Error>{t::badge_error(l)}</Badge>
                </div>
                <div class="btn-row">
                    <Countdown deadline=1_000_581 server_now=1_000_000/>
                    <Countdown deadline=1_000_095 server_now=1_000_000/>
                </div>
                <ProgressBar label=t::progress(l) value=312_u32 max=400 text=t::progress_text(l)/>
                <div class="btn-row">
                    <Button kind_of="button" kind=ButtonKind::Secondary on:click=move |_| toasts.success(t::toast_text(l))>
                        {t::toast(l)}
                    </Button>
                    <Button kind_of="button" kind=ButtonKind::Secondary on:click=move |_| toasts.error(t::error_title(l))>
                        {t::toast_error(l)}
                    </Button>
                    <Button kind_of="button" kind=ButtonKind::Secondary on:click=move |_| open.set(true)>
                        {t::dialog(l)}
                    </Button>
                </div>
                <Dialog id="gallery-dialog" title=t::dialog_title(l) open>
                    <p>{t::dialog_text(l)}</p>
                    <form method="dialog" class="btn-row">
                        <Button>{t::dialog_stay(l)}</Button>
                    </form>
                </Dialog>
                <Skeleton/>
            </div>
        </Section>
    }
    .into_any()
}

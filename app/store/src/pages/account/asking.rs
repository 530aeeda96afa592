//! A form whose button first asks the browser for something that only it can give, such as the answer of a passkey. Without
//! scripts, and in browsers that cannot, there is nothing to be seen of it.

use std::future::Future;

use app_api::FormState;
use app_ui::{Button, ButtonKind, FormError, use_locale};
use leptos::{html, prelude::*};
use locales::Locale;

/// What goes out with the form.
pub(super) struct Answer {
    /// Of the question.
    pub token: String,
    pub answer: String,
}

/// The form `form` with the token in `token` and the answer in the field named `answer`; what else belongs into it are the
/// children. `ask` says in words why there is no answer.
#[component]
pub(super) fn AskingForm<A, F>(
    form: FormState,
    answer: &'static str,
    possible: fn() -> bool,
    ask: A,
    #[prop(into)] label: String,
    kind: ButtonKind,
    wide: bool,
    /// Said in place of the form where it is of no use.
    #[prop(optional_no_strip)]
    otherwise: Option<&'static str>,
    children: Children,
) -> impl IntoView
where
    A: Fn(Locale) -> F + Copy + 'static,
    F: Future<Output = Result<Answer, &'static str>> + 'static,
{
    let l = use_locale();
    let (node, token_node, answer_node) = (
        NodeRef::<html::Form>::new(),
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Input>::new(),
    );
    let (can, stopped) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    Effect::new(move || can.set(possible()));
    let press = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        stopped.set(None);
        leptos::task::spawn_local(async move {
            let given = match ask(l).await {
                Ok(given) => given,
                Err(why) => return stopped.set(Some(why)),
            };
            if let (Some(node), Some(token), Some(answer)) = (
                node.get_untracked(),
                token_node.get_untracked(),
                answer_node.get_untracked(),
            ) {
                token.set_value(&given.token);
                answer.set_value(&given.answer);
                // Goes out without another submit event.
                let _ = node.submit();
            }
        });
    };
    view! {
        {otherwise.map(|text| view! { <p class="muted" hidden=can>{text}</p> })}
        <form
            node_ref=node
            method="post"
            action=form.address()
            class="form"
            hidden=move || !can.get()
            on:submit=press
        >
            <FormError error=form.form_error()/>
            <input type="hidden" name="token" node_ref=token_node/>
            <input type="hidden" name=answer node_ref=answer_node/>
            {children()}
            <p role="status" hidden=move || stopped.get().is_none()>{stopped}</p>
            <div class="form-actions"><Button kind wide>{label}</Button></div>
        </form>
    }
}

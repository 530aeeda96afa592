//! The browser's part of passkeys.

use app_api::{
    ApiError, FormState,
    passkeys::{PasskeyQuestion, begin_passkey, begin_passkey_sign_in},
};
use app_ui::ButtonKind;
use leptos::prelude::*;
use locales::{Locale, accounts as t};

use super::asking::{Answer, AskingForm};

/// What the browser is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Make a key.
    Create,
    /// Use one that it has.
    Get,
}

/// The form `form` with the browser's answer in `token` and `credential`; what else belongs into it are the children.
#[component]
pub(super) fn PasskeyForm(
    deed: Deed,
    form: FormState,
    #[prop(into)] label: String,
    #[prop(default = ButtonKind::Secondary)] kind: ButtonKind,
    #[prop(optional)] wide: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let ask = move |l| ask(deed, l);
    view! {
        <AskingForm form answer="credential" possible=browser::has_passkeys ask label kind wide otherwise=None>
            {children.map(|children| children())}
        </AskingForm>
    }
}

async fn ask(deed: Deed, l: Locale) -> Result<Answer, &'static str> {
    let question = question(deed)
        .await
        .map_err(|_| t::passkey_no_question(l))?;
    let answer = browser::answer(deed, &question.options).await;
    Ok(Answer {
        token: question.token,
        answer: answer.ok_or_else(|| t::passkey_stopped(l))?,
    })
}

async fn question(deed: Deed) -> Result<PasskeyQuestion, ApiError> {
    match deed {
        Deed::Create => begin_passkey().await,
        Deed::Get => begin_passkey_sign_in().await,
    }
}

/// The browser's own functions (Web Authentication, level 3). None of them is there while the server writes the page.
#[cfg(feature = "hydrate")]
mod browser {
    use js_sys::{JSON, Object, Promise, Reflect};
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;

    use super::Deed;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON)]
        fn parse_creation(options: &JsValue) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON)]
        fn parse_request(options: &JsValue) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = ["navigator", "credentials"], js_name = create)]
        fn create(options: &JsValue) -> Result<Promise, JsValue>;
        #[wasm_bindgen(catch, js_namespace = ["navigator", "credentials"], js_name = get)]
        fn get(options: &JsValue) -> Result<Promise, JsValue>;
    }

    pub(super) fn has_passkeys() -> bool {
        let class = Reflect::get(&js_sys::global(), &"PublicKeyCredential".into());
        class.is_ok_and(|class| {
            class.is_function()
                && Reflect::has(&class, &"parseRequestOptionsFromJSON".into()).unwrap_or(false)
        })
    }

    /// The answer as JSON; `None` when the person or the device did not want to.
    pub(super) async fn answer(deed: Deed, options: &str) -> Option<String> {
        match try_answer(deed, options).await {
            Ok(answer) => answer.as_string(),
            Err(why) => {
                leptos::logging::warn!("passkey: {why:?}");
                None
            }
        }
    }

    async fn try_answer(deed: Deed, options: &str) -> Result<JsValue, JsValue> {
        let options = JSON::parse(options)?;
        let question = Object::new();
        let promise = match deed {
            Deed::Create => {
                Reflect::set(&question, &"publicKey".into(), &parse_creation(&options)?)?;
                create(&question)?
            }
            Deed::Get => {
                Reflect::set(&question, &"publicKey".into(), &parse_request(&options)?)?;
                get(&question)?
            }
        };
        let credential = JsFuture::from(promise).await?;
        Ok(JSON::stringify(&credential)?.into())
    }
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use super::Deed;

    pub(super) fn has_passkeys() -> bool {
        false
    }

    pub(super) async fn answer(_: Deed, _: &str) -> Option<String> {
        None
    }
}

//! The door of this area, and the routes that lead through it.

use leptos::prelude::*;

use crate::pages::{self, account};

/// What can be shown.
pub enum Page {
    Home,
    SignIn,
    SignUp,
    Verify,
    Reset,
    ChoosePassword,
    Account,
    Join,
}

/// The one entrance; loaded when the first page of the area is shown.
#[lazy(store)]
pub fn view(page: Page) -> AnyView {
    match page {
        Page::Home => pages::HomePage().into_any(),
        Page::SignIn => account::SignInPage().into_any(),
        Page::SignUp => account::SignUpPage().into_any(),
        Page::Verify => account::VerifyPage().into_any(),
        Page::Reset => account::ResetPage().into_any(),
        Page::ChoosePassword => account::ChoosePasswordPage().into_any(),
        Page::Account => account::AccountPage().into_any(),
        Page::Join => account::JoinPage().into_any(),
    }
}

app_api::page_routes! { view, __preload_view =>
    /// `/`
    HomeRoute => Page::Home;
    /// `/sign-in`
    SignInRoute => Page::SignIn;
    /// `/sign-up`
    SignUpRoute => Page::SignUp;
    /// `/verify/:token`
    VerifyRoute => Page::Verify;
    /// `/reset`
    ResetRoute => Page::Reset;
    /// `/reset/:token`
    ChoosePasswordRoute => Page::ChoosePassword;
    /// `/account`
    AccountRoute => Page::Account;
    /// `/join/:token`
    JoinRoute => Page::Join;
}

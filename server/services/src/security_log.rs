//! Lines for whoever watches over an installation, under the target `security`: proofs that were good or not, sessions,
//! changed ways in, limits. Who asked and from where is in the request's span, which is around every line.
//! Never in them: mail addresses, passwords, codes, tokens. Not for: what must be proven later; that is the record (`audit`).

use domain::ids::{SessionId, UserId};

use tracing::field::display;

use crate::{Services, audit};

/// Somebody has shown a good password, code, key or link.
pub(crate) fn accepted(user: UserId, proof: &'static str) {
    tracing::info!(target: "security", { user.id = %user, proof }, "a proof was accepted");
}

/// Somebody has shown one that is not. `who` is a person's id or [`address`]; empty: nobody knows.
pub(crate) fn rejected(who: &str, proof: &'static str) {
    tracing::info!(target: "security", who, proof, "a proof was not accepted");
}

pub(crate) fn began(user: UserId, session: SessionId, second_factor: bool) {
    tracing::info!(target: "security", { user.id = %user, session.id = %session, second_factor }, "a session began");
}

/// What went into the record, so that who watches sees it happen.
pub(crate) fn recorded(entry: &audit::Entry<'_>) {
    let actor = entry.actor.map(display);
    let organization = entry.organization.map(display);
    let (action, subject) = (entry.action, &*entry.subject);
    tracing::info!(target: "security", { actor.id = actor, organization.id = organization, action, subject }, "recorded");
}

pub(crate) fn limited(limit: &'static str) {
    tracing::info!(target: "security", limit, "a limit was reached");
}

/// A typed mail address, so that tries at the same one can be told from others without saying which it is.
pub(crate) fn address(sv: &Services, email: &str) -> String {
    let name = sv
        .seal
        .derive(&format!("log|{}", email.trim().to_lowercase()));
    name.chars().take(16).collect()
}

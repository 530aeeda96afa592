use testkit::{ViesSays, ViesServer};

use super::*;

fn settings(url: &str, requester: &str) -> Settings {
    toml::from_str(&format!(
        "kind = 'vies'\nurl = '{url}'\nrequester = '{requester}'"
    ))
    .unwrap()
}

fn id(text: &str) -> VatId {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_register_is_asked_as_it_wants_and_its_answers_are_read() {
    let server = ViesServer::start().await;
    let vies = Vies::new(&settings(&server.url(), "SI50223054")).unwrap();
    server.says("DE136695976", ViesSays::Valid);
    server.says("EL094259216", ViesSays::Invalid);
    let valid = vies.ask(&id("DE 136 695 976")).await.unwrap();
    assert!(
        valid.valid && valid.identifier == "WAPIAAAA000001",
        "{valid:?}"
    );
    let invalid = vies.ask(&id("GR094259216")).await.unwrap();
    assert!(!invalid.valid);
    let asked = server.asked();
    assert_eq!(
        asked,
        [
            r#"{"countryCode":"DE","requesterMemberStateCode":"SI","requesterNumber":"50223054","vatNumber":"136695976"}"#,
            r#"{"countryCode":"EL","requesterMemberStateCode":"SI","requesterNumber":"50223054","vatNumber":"094259216"}"#,
        ]
    );
    // Without an own id there is nothing to show as evidence.
    let anonymous = Vies::new(&settings(&format!("{}/", server.url()), "")).unwrap();
    let told = anonymous.ask(&id("DE136695976")).await.unwrap();
    assert_eq!((told.valid, told.identifier.as_str()), (true, ""));
}

#[tokio::test]
async fn what_is_no_answer_is_worth_another_try() {
    let server = ViesServer::start().await;
    let vies = Vies::new(&settings(&server.url(), "")).unwrap();
    let asked = id("FR40303265045");
    for says in [
        ViesSays::Fault("MS_UNAVAILABLE"),
        ViesSays::Fault("MS_MAX_CONCURRENT_REQ"),
        ViesSays::Fault("GLOBAL_MAX_CONCURRENT_REQ_TIME"),
        ViesSays::Fault("TIMEOUT"),
        ViesSays::Fault("something new"),
        ViesSays::UserError("MS_UNAVAILABLE"),
        ViesSays::Raw(200, "<html>down for maintenance</html>"),
        ViesSays::Raw(200, "{}"),
        ViesSays::Raw(200, "[1, 2"),
        ViesSays::Raw(500, "{\"valid\":true}"),
        ViesSays::Raw(302, ""),
        ViesSays::Endless,
        ViesSays::HangUp,
    ] {
        server.says(asked.as_str(), says);
        let told = vies.ask(&asked).await;
        assert!(
            matches!(told, Err(PortError::Unavailable(_))),
            "{says:?}: {told:?}"
        );
    }
    for code in ["INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"] {
        server.says(asked.as_str(), ViesSays::Fault(code));
        let told = vies.ask(&asked).await;
        assert!(
            matches!(told, Err(PortError::Refused(_))),
            "{code}: {told:?}"
        );
    }
    server.says(asked.as_str(), ViesSays::Fault("INVALID_INPUT"));
    assert!(!vies.ask(&asked).await.unwrap().valid);
    // Nobody is there.
    let url = server.url();
    drop(server);
    let gone = Vies::new(&settings(&url, "")).unwrap();
    assert!(matches!(
        gone.ask(&asked).await,
        Err(PortError::Unavailable(_))
    ));
}

/// A register that never answers keeps nobody longer than the house waits for anybody.
#[tokio::test]
async fn slowness_has_an_end() {
    let server = ViesServer::start().await;
    let vies = Vies::new(&settings(&server.url(), "")).unwrap();
    server.says("DE136695976", ViesSays::Slow);
    let begun = std::time::Instant::now();
    let told = vies.ask(&id("DE136695976")).await;
    assert!(matches!(told, Err(PortError::Unavailable(_))), "{told:?}");
    assert!(begun.elapsed().as_secs() < 20);
}

#[tokio::test]
async fn what_is_inside_is_not_asked() {
    // The host that is trusted is the one of the settings; a redirect elsewhere is not followed.
    let server = ViesServer::start().await;
    let vies = Vies::new(&settings(&server.url(), "")).unwrap();
    server.says("DE136695976", ViesSays::Redirect);
    let told = vies.ask(&id("DE136695976")).await;
    assert!(matches!(told, Err(PortError::Unavailable(_))), "{told:?}");
    assert_eq!(server.asked().len(), 1);
}

//! Files sent to an event under names that lead elsewhere, as another kind, twice, or as no file at all.

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::permissions::Role;
use testkit::{Attack, World, tries};

use super::{ORIGIN, app, send};

/// White, sixteen by sixteen.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR42mP4jwYYRrYAAID5/wGR6yAaAAAAAElFTkSuQmCC";

const NAMES: [&str; 24] = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "C:\\x.png",
    "a.png\0.php",
    "a.php",
    "a.phtml",
    "a.svg",
    "a.html",
    ".htaccess",
    "web.config",
    "",
    ".",
    "..",
    "con",
    "a;b.png",
    "a%2f..%2fb.png",
    "%2e%2e%2fb.png",
    "a\u{202e}gnp.exe",
    "……/a.png",
    "$(id).png",
    "`id`.png",
    "'; drop table files; --.png",
    "a.png/",
];
const KINDS: [&str; 6] = [
    "image/png",
    "image/svg+xml",
    "text/html",
    "application/x-php",
    "application/octet-stream",
    "",
];

fn part(field: &str, name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

#[tokio::test]
async fn names_of_files_count_for_nothing() {
    let w = World::new().await;
    let event = w
        .event("Night")
        .ticket_type("Seat", 1500, 50)
        .published()
        .await;
    let manager = w.member(&event.organization, Role::Manager).await;
    let token = w.session_of(&manager).await;
    let app = app(&w);
    let png = STANDARD.decode(PNG).unwrap();
    let mut attack = Attack::on("files sent under names that lead elsewhere, or as another kind");
    for name in NAMES.into_iter().take(tries(4, NAMES.len())) {
        for kind in KINDS {
            for bytes in [png.as_slice(), b"<svg onload=alert(1)></svg>"] {
                let first = part("picture", name, kind, bytes);
                let other = part("x", "y", "text/plain", b"z");
                let bodies = [
                    first.clone(),
                    [other, first.clone()].concat(),
                    [first.clone(), first].concat(),
                ];
                for body in bodies {
                    let request = Request::post(format!("/organize/upload/{}", event.slug))
                        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
                        .header(header::ORIGIN, ORIGIN)
                        .header(header::COOKIE, format!("bilten_session={token}"))
                        .body(Body::from([body, b"--edge--\r\n".to_vec()].concat()));
                    let answer = send(&app, request.unwrap()).await;
                    // Kept under names that are sums, or not at all.
                    let is_sum = |name: &String| {
                        let parts = name
                            .strip_suffix(".jpg")
                            .and_then(|name| name.split_once('-'));
                        parts.is_some_and(|(sum, width)| {
                            sum.len() == 64
                                && sum.bytes().all(|b| b.is_ascii_hexdigit())
                                && width.parse::<u32>().is_ok()
                        })
                    };
                    let kept = w.files.names();
                    let bad = !kept.iter().all(is_sum)
                        || kept.len() > 3
                        || answer.status.is_server_error();
                    attack.note(bad, || {
                        format!("{name:?} as {kind:?}: {} {kept:?}", answer.status)
                    });
                }
            }
        }
    }
    assert_eq!(w.files.names().len(), 3, "one picture in three widths");
    attack.end(tries(4, NAMES.len()) * KINDS.len() * 6);
}

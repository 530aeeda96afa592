//! The generator refuses languages that do not say the same.

#[expect(dead_code, reason = "the build script uses the rest")]
#[path = "../generate/catalogue.rs"]
mod catalogue;

use std::path::PathBuf;

/// What the generator says about one file in two languages.
fn faults(name: &str, en: &str, ar: &str) -> std::io::Result<Vec<String>> {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for (language, text) in [("en", en), ("ar", ar)] {
        std::fs::create_dir_all(root.join(language))?;
        std::fs::write(root.join(language).join("area.toml"), text)?;
    }
    Ok(catalogue::read(&root).err().unwrap_or_default())
}

const SIX: &str = "zero='0'\none='1'\ntwo='2'\nfew='{count}'\nmany='{count}'\nother='{count}'\n";

#[test]
fn equal_languages_pass() {
    let en = "a='A {x}'\n[b]\none='1'\nother='{count}'\n[c]\nd='D'\n";
    assert_eq!(
        faults("equal", en, &format!("a='{{x}} A'\n[b]\n{SIX}[c]\nd='D'\n")).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn missing_and_extra_keys_are_named() {
    assert_eq!(
        faults("keys", "a='A'\nb='B'\n", "a='A'\nc='C'\n").unwrap(),
        [
            "ar/area.toml: key `b` is missing",
            "en/area.toml: key `c` is missing, ar/area.toml has it"
        ]
    );
}

#[test]
fn placeholders_must_agree() {
    assert_eq!(
        faults("placeholders", "a='{x}'\n", "a='{y}'\n").unwrap(),
        ["area.toml: key `a` has placeholders {\"x\"} in en and {\"y\"} in ar"]
    );
    assert_eq!(
        faults("open", "a='{x'\n", "a='x'\n").unwrap(),
        ["en/area.toml: key `a`: a brace is not closed"]
    );
}

#[test]
fn arabic_needs_all_six_forms() {
    assert_eq!(
        faults(
            "forms",
            "[a]\none='1'\nother='2'\n",
            "[a]\nzero='0'\none='1'\ntwo='2'\nfew='3'\nother='5'\n"
        )
        .unwrap(),
        ["ar/area.toml: plural `a` has no form `many`"]
    );
}

#[test]
fn a_language_without_the_file_is_named() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("file");
    std::fs::create_dir_all(root.join("en")).unwrap();
    std::fs::create_dir_all(root.join("ar")).unwrap();
    std::fs::write(root.join("en/area.toml"), "a='A'\n").unwrap();
    assert_eq!(
        catalogue::read(&root).err().unwrap_or_default(),
        ["ar/area.toml is missing, en/area.toml exists"]
    );
}

//! Sidecars, as exiftool reads them.

use semblance_organise::tags::sidecar;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TAGS: [&str; 6] =
    ["dog", "Müller & Söhne", "a < b > c", "“quoted” \"twice\"", "日本", "two\nlines\u{0}"];
#[cfg(not(target_arch = "wasm32"))]
const READ: [&str; 6] = ["dog", "Müller & Söhne", "a < b > c", "“quoted” \"twice\"", "日本", "two lines"];

#[test]
fn what_xml_has_a_meaning_for_is_escaped() {
    let text = sidecar(&TAGS);
    assert!(text.contains("<rdf:li>Müller &amp; Söhne</rdf:li>") && text.contains("a &lt; b &gt; c"));
    assert!(!text.contains('\u{0}'));
    assert_eq!(text.matches("<rdf:li>").count(), 6);
    assert!(sidecar(&[]).contains("<rdf:Bag>"));
}

/// On Debian as root it is installed by the test that needs it.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn exiftool_reads_the_tags() {
    use std::process::Command;
    let there = || Command::new("exiftool").arg("-ver").output().is_ok_and(|output| output.status.success());
    if !there() {
        let apt = |words: &[&str]| {
            let _ = Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words).output();
        };
        apt(&["update", "-qq"]);
        apt(&["install", "-y", "-qq", "--no-install-recommends", "libimage-exiftool-perl"]);
    }
    assert!(there(), "exiftool is missing: install libimage-exiftool-perl");
    let folder = std::env::temp_dir().join(format!("semblance-xmp-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("picture.jpg.xmp");
    std::fs::write(&file, sidecar(&TAGS)).unwrap();
    let output = Command::new("exiftool")
        .args(["-json", "-charset", "utf8", "-XMP-dc:Subject"])
        .arg(&file)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read[0]["Subject"], serde_json::json!(READ), "{read}");
}

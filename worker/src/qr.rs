//! QR codes as SVG.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around a code (ISO/IEC 18004 §9.1 asks for four).
const QUIET: i32 = 4;

/// A text as a QR code; none for one that is too long for any.
#[must_use]
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|&x| code.get_module(x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_square_with_its_three_corners() {
        let svg =
            svg("https://notes.example/s/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        // The outer corner of the finder pattern (§6.3.3), after the quiet zone.
        assert!(svg.contains("M4 4h1v1h-1z"));
        assert!(super::svg(&"a".repeat(5_000)).is_none());
    }
}

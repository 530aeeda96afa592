//! Reading a QR code from a picture, where the browser cannot do it itself.

/// The text of the first readable code. `brightness` has one byte per dot, line by line.
pub fn read(width: usize, height: usize, brightness: &[u8]) -> Option<String> {
    quircs::Quirc::default()
        .identify(width, height, brightness)
        .filter_map(Result::ok)
        .filter_map(|code| code.decode().ok())
        .find_map(|code| String::from_utf8(code.payload).ok())
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Each module 3 dots wide, in a frame of 4 modules.
    fn picture(text: &str) -> (usize, Vec<u8>) {
        let code = fast_qr::QRBuilder::new(text).build().unwrap();
        let side = (code.size + 8) * 3;
        let dots = (0..side * side).map(|at| {
            let (x, y) = ((at % side) / 3, (at / side) / 3);
            let inside = (4..code.size + 4).contains(&x) && (4..code.size + 4).contains(&y);
            let dark = inside && code[y - 4][x - 4].value();
            if dark { 20 } else { 230 }
        });
        (side, dots.collect())
    }

    #[test]
    fn the_longest_code_of_a_ticket_is_read() {
        let text = "B1".to_owned() + &"A7KQ".repeat(29);
        let (side, dots) = picture(&text);
        assert_eq!(read(side, side, &dots), Some(text));
    }

    #[test]
    fn a_picture_without_a_code_is_none() {
        assert_eq!(read(90, 90, &[128; 8100]), None);
        assert_eq!(read(0, 0, &[]), None);
    }
}

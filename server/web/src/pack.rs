//! A text in the ways in which browsers take it, each packed once.

use std::{io::Write, sync::OnceLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, header::ACCEPT_ENCODING},
};

/// How an answer is packed (RFC 9110, 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Brotli,
    Gzip,
    Plain,
}

impl Packing {
    /// The best that the browser takes.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let takes = |name: &str| {
            headers
                .get_all(ACCEPT_ENCODING)
                .iter()
                .filter_map(|header| header.to_str().ok())
                .flat_map(|header| header.split(','))
                .any(|part| {
                    let (coding, quality) = part.split_once(';').unwrap_or((part, ""));
                    let refused = quality.trim().trim_end_matches(['0', '.']) == "q=";
                    coding.trim().eq_ignore_ascii_case(name) && !refused
                })
        };
        if takes("br") {
            Self::Brotli
        } else if takes("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// For `Content-Encoding`.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// The text, and each packing of it once somebody has asked for it.
pub struct Packed {
    plain: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Packed {
    pub fn new(plain: Bytes) -> Self {
        Self {
            plain,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// The first time it takes about a millisecond for a page. What cannot be packed comes as it is.
    pub fn bytes(&self, packing: Packing) -> (Bytes, Packing) {
        let packed = |way: &OnceLock<Bytes>, pack: fn(&[u8]) -> std::io::Result<Bytes>| {
            // Writing into memory does not fail; an empty text would be none.
            let bytes = way.get_or_init(|| pack(&self.plain).unwrap_or_default());
            Some(bytes.clone()).filter(|bytes| !bytes.is_empty())
        };
        let bytes = match packing {
            Packing::Brotli => packed(&self.brotli, brotli),
            Packing::Gzip => packed(&self.gzip, gzip),
            Packing::Plain => None,
        };
        bytes.map_or((self.plain.clone(), Packing::Plain), |bytes| {
            (bytes, packing)
        })
    }

    pub fn plain_len(&self) -> usize {
        self.plain.len()
    }
}

fn brotli(text: &[u8]) -> std::io::Result<Bytes> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 4,
        // The encoder's tables grow with its window, and a page is small.
        lgwin: 16,
        size_hint: text.len(),
        ..Default::default()
    };
    let mut packed = Vec::with_capacity(text.len() / 4);
    brotli::BrotliCompress(&mut &*text, &mut packed, &parameters)?;
    Ok(packed.into())
}

fn gzip(text: &[u8]) -> std::io::Result<Bytes> {
    let packed = Vec::with_capacity(text.len() / 4);
    let mut encoder = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    encoder.write_all(text)?;
    Ok(encoder.finish()?.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_way_is_chosen_and_a_refused_one_is_not() {
        let chosen = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
            Packing::accepted(&headers)
        };
        assert_eq!(chosen("gzip, deflate, br, zstd"), Packing::Brotli);
        assert_eq!(chosen("gzip;q=0.5, br;q=0"), Packing::Gzip);
        assert_eq!(chosen("br;q=0.000, gzip;q=0.0"), Packing::Plain);
        assert_eq!(chosen("br;q=0.5"), Packing::Brotli);
        assert_eq!(chosen("identity"), Packing::Plain);
        assert_eq!(Packing::accepted(&HeaderMap::new()), Packing::Plain);
    }

    #[test]
    fn what_is_packed_can_be_unpacked() {
        let text = "A page. ".repeat(500);
        let packed = Packed::new(Bytes::from(text.clone()));
        let bytes = |way| {
            let (bytes, how) = packed.bytes(way);
            assert_eq!(how, way);
            assert!(way == Packing::Plain || bytes.len() * 2 < text.len());
            bytes
        };
        let mut plain = String::new();
        flate2::read::GzDecoder::new(&*bytes(Packing::Gzip))
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*bytes(Packing::Brotli), &mut plain).unwrap();
        assert_eq!(plain, text.as_bytes());
        assert_eq!(bytes(Packing::Plain), text);
    }
}

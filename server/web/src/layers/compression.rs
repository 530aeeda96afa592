//! Compresses what is made on the fly. Built files are compressed once, when they are built.

use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType, SizeAbove},
    },
};

/// Everything but pictures, event streams and small answers.
pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(
            DefaultPredicate::new()
                .and(SizeAbove::new(512))
                .and(NotForContentType::const_new("application/wasm"))
                .and(NotForContentType::const_new("font/")),
        )
}

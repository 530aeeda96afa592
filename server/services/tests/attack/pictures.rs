//! Files that are sent as pictures and want something else.

use std::{
    fs,
    io::Cursor,
    time::{Duration, Instant},
};

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};
use services::files::variants;
use testkit::{Attack, figure, is_full, tries};

use crate::chance::Chance;

/// Stands in everything that must not be in what comes out.
const MARK: &[u8] = b"hushword";
const LONGEST: Duration = Duration::from_secs(2);
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([x, y, x ^ y].map(|c| c.to_le_bytes()[0]))
    });
    DynamicImage::ImageRgb8(picture)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), data].concat();
    [
        &u32::try_from(data.len()).unwrap().to_be_bytes(),
        named.as_slice(),
        &crc(&named).to_be_bytes(),
    ]
    .concat()
}

/// A PNG with more in it, after its header.
fn png_with(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Png, 64, 48);
    bytes.splice(33..33, chunk(kind, data));
    bytes
}

/// A JPEG with a segment after its beginning.
fn jpeg_with(marker: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Jpeg, 64, 48);
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, marker], length.as_slice(), data].concat();
    bytes.splice(2..2, segment);
    bytes
}

/// EXIF that says where it was taken, by whom, and which way is up.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x03".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x01, 0x3b, 0, 2, 0, 0, 0, 9, 0, 0, 0, 50]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 60]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(MARK);
    exif.extend(b"\0\0\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x62\0\0\0\0");
    exif
}

fn png_that_promises(width: u32, height: u32) -> Vec<u8> {
    let header = [
        width.to_be_bytes().as_slice(),
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    let pieces: [&[u8]; 4] = [
        b"\x89PNG\r\n\x1a\n",
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]),
        &chunk(b"IEND", &[]),
    ];
    pieces.concat()
}

fn jpeg_that_promises(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Jpeg, 64, 48);
    let frame = bytes
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn webp_that_promises(width: u32, height: u32) -> Vec<u8> {
    let [w, h] = [width - 1, height - 1].map(u32::to_le_bytes);
    let data = [0x10, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]];
    let mut bytes = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend(data);
    bytes.extend(b"VP8L\x08\0\0\0\x2f\xff\xff\xff\xff\xff\xff\xff");
    bytes
}

/// What is no picture at all, or one of a kind that is not taken.
fn others() -> Vec<(&'static str, Vec<u8>)> {
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    let headers: [(&str, &[u8]); 22] = [
        ("nothing", b""),
        ("an SVG", svg),
        (
            "an SVG after a mark",
            b"\xef\xbb\xbf<?xml version=\"1.0\"?><svg onload=alert(1)></svg>",
        ),
        (
            "entities",
            b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><svg>&b;</svg>",
        ),
        (
            "HTML",
            b"<!doctype html><script>alert(document.domain)</script>",
        ),
        (
            "a zip",
            b"PK\x03\x04\x14\0\0\0\x08\0../../../../etc/cron.d/x",
        ),
        ("a gzip", b"\x1f\x8b\x08\0\0\0\0\0"),
        (
            "a PDF",
            b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
        ),
        ("a program", b"\x7fELF\x02\x01\x01"),
        ("another program", b"MZ\x90\0"),
        ("a shell script", b"#!/bin/sh\nrm -rf /"),
        ("PHP", b"<?php system($_GET['c']); ?>"),
        (
            "a GIF that is a script",
            b"GIF89a/*\x01\0\x01\0*/=1;alert(1)//",
        ),
        (
            "a BMP",
            b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x50\xc3\0\0\x50\xc3\0\0\x01\0\x18\0",
        ),
        ("a TIFF", b"II\x2a\0\x08\0\0\0"),
        ("an icon", b"\0\0\x01\0\x01\0\x10\x10"),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0"),
        ("a film", b"\0\0\0\x20ftypisom\0\0\x02\0"),
        ("a Photoshop file", b"8BPS\0\x01"),
        ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run"),
        (
            "a drawing program's push",
            b"push graphic-context\nfill 'url(https://127.0.0.1/|id)'\npop graphic-context",
        ),
    ];
    headers.map(|(what, bytes)| (what, bytes.to_vec())).to_vec()
}

/// Pictures with something in them, before them or behind them.
fn carriers() -> Vec<(&'static str, Vec<u8>)> {
    let hidden: Vec<Vec<u8>> = others()
        .into_iter()
        .map(|(_, bytes)| [MARK, &bytes, MARK].concat())
        .collect();
    let mut all = Vec::new();
    for hidden in &hidden {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            all.push((
                "something behind it",
                [encoded(format, 64, 48), hidden.clone()].concat(),
            ));
            all.push((
                "something before it",
                [hidden.clone(), encoded(format, 64, 48)].concat(),
            ));
        }
        for marker in [0xfe, 0xe0, 0xe1, 0xe2, 0xed, 0xee] {
            all.push(("something in a segment", jpeg_with(marker, hidden)));
        }
        for kind in [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"caBX"] {
            all.push(("something in a chunk", png_with(kind, hidden)));
        }
    }
    for orientation in 0..=9 {
        all.push(("where it was taken", jpeg_with(0xe1, &exif(orientation))));
        all.push((
            "where it was taken",
            png_with(b"eXIf", &exif(orientation)[6..]),
        ));
    }
    all
}

fn promises() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    for (width, height) in [
        (50_000, 50_000),
        (40_001, 1000),
        (1000, 40_001),
        (u32::MAX, u32::MAX),
        (0, 0),
        (0x7fff_ffff, 1),
        (6324, 6324),
    ] {
        all.push(("a PNG that promises", png_that_promises(width, height)));
        let small = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        all.push((
            "a JPEG that promises",
            jpeg_that_promises(small(width), small(height)),
        ));
        let most = |side: u32| side.clamp(1, 0x0100_0000);
        all.push((
            "a WebP that promises",
            webp_that_promises(most(width), most(height)),
        ));
    }
    all
}

/// Pictures of nothing that are almost too large, and pack well: they unfold into as much as may be. Making them takes a while.
fn large() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let most = |side: u32, depth: ExtendedColorType, bytes: usize| {
        let clear = vec![0; usize::try_from(side).unwrap().pow(2) * bytes];
        let mut packed = Vec::new();
        PngEncoder::new(&mut packed)
            .write_image(&clear, side, side, depth)
            .unwrap();
        packed
    };
    all.push((
        "a large RGBA picture",
        most(6324, ExtendedColorType::Rgba8, 4),
    ));
    all.push((
        "a large RGB picture",
        most(6324, ExtendedColorType::Rgb8, 3),
    ));
    all.push((
        "a large RGBA picture of 16 bits",
        most(5600, ExtendedColorType::Rgba16, 8),
    ));
    all.push((
        "a large grey picture of 16 bits",
        most(6324, ExtendedColorType::L16, 2),
    ));
    for (width, height) in [(6324, 6324), (17, 60_000), (60_000, 17), (1600, 25_000)] {
        let mut packed = Vec::new();
        let plain = RgbImage::new(width, height);
        JpegEncoder::new_with_quality(&mut packed, 10)
            .encode_image(&plain)
            .unwrap();
        all.push(("a large JPEG", packed.clone()));
        // Turned on its side, everything is needed twice.
        let turned = [[0xff, 0xe1, 0, 0x6e_u8].as_slice(), exif(6).as_slice()].concat();
        let length = u16::try_from(turned.len() - 2).unwrap().to_be_bytes();
        packed.splice(2..2, [&turned[..2], &length, &turned[4..]].concat());
        all.push(("a large JPEG on its side", packed));
    }
    all
}

/// Pictures that were good until somebody changed them.
fn broken(chance: &Chance) -> (&'static str, Vec<u8>) {
    let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][chance.below(3)];
    let mut bytes = encoded(format, 64, 48);
    let length = bytes.len();
    match chance.below(4) {
        0 => {
            bytes.truncate(chance.below(length));
            ("cut off", bytes)
        }
        1 => {
            for _ in 0..=chance.below(20) {
                bytes[chance.below(length)] = chance.number().to_le_bytes()[0];
            }
            ("altered", bytes)
        }
        2 => {
            let (from, at) = (chance.below(length), chance.below(length));
            let piece = bytes[from..].to_vec();
            bytes.splice(at..at, piece);
            ("a piece twice", bytes)
        }
        _ => {
            let other = [
                b"\xff\xd8\xff\xe0".as_slice(),
                b"\x89PNG\r\n\x1a\n",
                b"RIFF\xff\xff\xff\xffWEBP",
            ][chance.below(3)];
            let end = other.len().min(length);
            bytes.splice(..end, other.iter().copied());
            ("a beginning of another kind", bytes)
        }
    }
}

/// The most memory since it was last asked; not everywhere can it be known.
fn most_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    fs::write("/proc/self/clear_refs", "5").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn memory_now() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// Plain JPEG: what is needed to draw it, and nothing that was sent along.
fn is_clean(jpeg: &[u8]) -> bool {
    let mut at = 2;
    let mut clean = jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]);
    while let [0xff, marker, high, low, ..] = jpeg[at..] {
        clean &= matches!(marker, 0xe0 | 0xdb | 0xc0 | 0xc4 | 0xda);
        if marker == 0xda {
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    clean && !jpeg.windows(MARK.len()).any(|window| window == MARK)
}

#[test]
fn hostile_files_are_refused_or_made_anew() {
    let chance = Chance::new(4);
    let mut files = promises();
    files.extend(others());
    files.extend(carriers());
    if is_full() {
        files.extend(large());
    } else {
        files = files.into_iter().step_by(4).collect();
    }
    let count = tries(150, 1200).max(files.len());
    files.extend(std::iter::repeat_with(|| broken(&chance)).take(count - files.len()));
    let (mut most, mut longest) = ((0, ""), (Duration::ZERO, ""));
    let mut attack = Attack::on("files that are no pictures, or more than pictures");
    let (mut taken, mut dear, mut slow) = (0, 0, 0);
    for (what, bytes) in &files {
        let (before, begun) = (memory_now(), Instant::now());
        most_memory();
        let made = variants(bytes);
        let took = begun.elapsed();
        let used = most_memory().map_or(0, |most| most.saturating_sub(before));
        let unclean = made
            .as_ref()
            .is_ok_and(|made| !made.iter().all(|one| is_clean(&one.jpeg)));
        taken += usize::from(made.is_ok());
        dear += usize::from(used > MOST_MEMORY);
        // Without optimisation everything takes long.
        let is_slow = took > LONGEST && !cfg!(debug_assertions);
        slow += usize::from(is_slow);
        most = most.max((used, what));
        longest = longest.max((took, what));
        attack.note(unclean || used > MOST_MEMORY || is_slow, || {
            format!(
                "{what}: {} bytes, {used} bytes of memory, {took:?}, {:?}",
                bytes.len(),
                made.map(|made| made.len())
            )
        });
    }
    figure("pictures, taken and made anew", taken);
    figure(
        "pictures, most memory",
        format!("{} MB, {}", most.0 / 1024 / 1024, most.1),
    );
    figure(
        "pictures, longest",
        format!("{:?}, {}", longest.0, longest.1),
    );
    figure(
        "pictures, over memory and over time",
        format!("{dear}, {slow}"),
    );
    attack.end(count);
}

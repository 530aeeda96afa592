//! Says in the file's metadata that it carries a Factur-X invoice. The PDF writer knows no metadata of others, so what
//! Factur-X demands (its four properties, and for PDF/A the description of them) is put into the packet afterwards,
//! and the table of offsets is moved by as much.

use crate::{DocumentError, EMBEDDED};

const NAMESPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";
const PROPERTIES: [(&str, &str, &str); 4] = [
    (
        "DocumentFileName",
        EMBEDDED,
        "name of the embedded XML invoice file",
    ),
    ("DocumentType", "INVOICE", "type of the hybrid document"),
    ("Version", "1.0", "version of the standard the XML follows"),
    (
        "ConformanceLevel",
        "EN 16931",
        "profile the XML conforms to",
    ),
];

/// What begins the descriptions of properties, of which a packet has one.
const SCHEMAS: &[u8] = b"<pdfaExtension:schemas><rdf:Bag>";
const END: &[u8] = b"</rdf:RDF>";

/// The properties.
fn values() -> String {
    let values: String = PROPERTIES
        .iter()
        .map(|(name, value, _)| format!("<fx:{name}>{value}</fx:{name}>"))
        .collect();
    format!("<rdf:Description rdf:about=\"\" xmlns:fx=\"{NAMESPACE}\">{values}</rdf:Description>")
}

/// What they mean.
fn description() -> String {
    let properties: String = PROPERTIES
        .iter()
        .map(|(name, _, what)| {
            format!(
                "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:category>external</pdfaProperty:category>\
                 <pdfaProperty:description>{what}</pdfaProperty:description>\
                 <pdfaProperty:name>{name}</pdfaProperty:name>\
                 <pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
            )
        })
        .collect();
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
}

/// Bytes that take the place of others.
struct Patch {
    at: usize,
    gone: usize,
    bytes: Vec<u8>,
}

/// The same file with the Factur-X metadata.
pub fn extend(pdf: &[u8]) -> Result<Vec<u8>, DocumentError> {
    patched(pdf).ok_or_else(|| DocumentError::Pdf("its metadata cannot be found".to_owned()))
}

fn patched(pdf: &[u8]) -> Option<Vec<u8>> {
    let end = rfind(pdf, END)?;
    let before = pdf.get(..end)?;
    let stream = rfind(before, b"stream")?;
    let object = rfind(pdf.get(..stream)?, b" obj")?;
    // Nothing else may be taken for the packet.
    find(pdf.get(object..stream)?, b"/Metadata")?;
    let length_at = object + find(pdf.get(object..stream)?, b"/Length ")? + b"/Length ".len();
    let (length, digits) = number(pdf, length_at)?;
    let schemas = stream + find(pdf.get(stream..end)?, SCHEMAS)? + SCHEMAS.len();
    let (described, valued) = (description(), values());
    let longer = length + described.len() + valued.len();
    // In the order of their places.
    let patches = [
        Patch {
            at: length_at,
            gone: digits,
            bytes: longer.to_string().into_bytes(),
        },
        Patch {
            at: schemas,
            gone: 0,
            bytes: described.into_bytes(),
        },
        Patch {
            at: end,
            gone: 0,
            bytes: valued.into_bytes(),
        },
    ];
    let (table, offsets, rest) = table(pdf)?;
    let moved = |offset: usize| {
        patches
            .iter()
            .filter(|patch| patch.at < offset)
            .fold(offset, |offset, patch| {
                offset + patch.bytes.len() - patch.gone
            })
    };
    let mut out = Vec::with_capacity(pdf.len() + 4096);
    let mut done = 0;
    for patch in &patches {
        out.extend_from_slice(pdf.get(done..patch.at)?);
        out.extend_from_slice(&patch.bytes);
        done = patch.at + patch.gone;
    }
    out.extend_from_slice(pdf.get(done..table)?);
    out.extend_from_slice(format!("xref\n0 {}\n", offsets.len()).as_bytes());
    for entry in offsets {
        match entry {
            Entry::Free(line) => out.extend_from_slice(line),
            Entry::Used(offset) => {
                out.extend_from_slice(format!("{:010} 00000 n\r\n", moved(offset)).as_bytes());
            }
        }
    }
    // The trailer as it was, then where the table is now.
    let trailer = pdf.get(rest..)?;
    let start = rfind(trailer, b"startxref")?;
    out.extend_from_slice(trailer.get(..start)?);
    out.extend_from_slice(format!("startxref\n{}\n%%EOF", moved(table)).as_bytes());
    Some(out)
}

enum Entry<'a> {
    Free(&'a [u8]),
    Used(usize),
}

/// Where the table of offsets is, its entries, and where it ends.
fn table(pdf: &[u8]) -> Option<(usize, Vec<Entry<'_>>, usize)> {
    let start = rfind(pdf, b"startxref")? + b"startxref\n".len();
    let table = number(pdf, start)?.0;
    let head = pdf.get(table..)?.strip_prefix(b"xref\n0 ")?;
    let (count, digits) = number(head, 0)?;
    let first = table + b"xref\n0 ".len() + digits + 1;
    let mut entries = Vec::with_capacity(count);
    for n in 0..count {
        let line = pdf.get(first + n * 20..first + (n + 1) * 20)?;
        entries.push(match line.get(17)? {
            b'n' => Entry::Used(number(line, 0)?.0),
            _ => Entry::Free(line),
        });
    }
    Some((table, entries, first + count * 20))
}

/// A number and how many digits it has.
fn number(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = std::str::from_utf8(rest.get(..digits)?).ok()?;
    Some((text.parse().ok()?, digits))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

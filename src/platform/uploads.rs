//! What may be kept of an uploaded file, and in which form.
//!
//! A file is what its first bytes say, and name and declared type must say the same. Pictures are decoded and written
//! anew: positions, remarks and whatever was appended stay behind, and a picture that is a page or an archive at the same
//! time is only a picture afterwards. PDF and text are kept as they are and only ever served as sandboxed attachments.
//! Pages, drawings with scripts (HTML, SVG) and archives are not kept.

use crate::platform::problem::{Failure, Fault, Refusal};
use crate::platform::web::FILE_MAX;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// Most pixels of a picture.
pub const PIXELS_MAX: u64 = 40_000_000;
/// Memory one picture may take while it is read: the pixels at 16 bits for each of four channels, and as much to work with.
const MEMORY_MAX: u64 = 640 * 1024 * 1024;
/// Pictures read at a time, whoever sends them.
static PICTURES: Semaphore = Semaphore::const_new(2);
/// Quality of a JPEG that is written anew.
const JPEG_QUALITY: u8 = 90;
/// Bytes that may follow the end of a PDF.
const PDF_TAIL_MAX: usize = 1_024;

/// Longest name of a file, in characters.
pub const NAME_MAX: usize = 120;

/// A name to show and to save under: what a path, a header or a screen could stumble over is taken out.
pub fn harmless_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    // Marks that turn the direction of writing make `exe.gpj` look like `jpg.exe` backwards.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String =
        last.chars().filter(|c| !c.is_control() && !turns(*c) && !matches!(c, '"' | ':' | '<' | '>' | '|')).collect();
    let kept = kept.trim().trim_start_matches('.');
    match kept.rsplit_once('.') {
        // The ending says what it is and stays whole.
        Some((stem, ending)) if kept.chars().count() > NAME_MAX => {
            let room = NAME_MAX.saturating_sub(ending.chars().count() + 1);
            format!("{}.{ending}", stem.chars().take(room).collect::<String>())
        }
        Some(_) | None => kept.chars().take(NAME_MAX).collect(),
    }
}

/// Kinds of files that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A document.
    Pdf,
    /// A picture.
    Png,
    /// A picture.
    Jpeg,
    /// A picture.
    Webp,
    /// A table as text.
    Csv,
    /// Text.
    Text,
}

impl Kind {
    /// Every kind that is kept.
    pub const ALL: [Kind; 6] = [Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Webp, Kind::Csv, Kind::Text];

    /// Media type it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            Kind::Webp => "image/webp",
            Kind::Csv => "text/csv",
            Kind::Text => "text/plain",
        }
    }

    const fn endings(self) -> &'static [&'static str] {
        match self {
            Kind::Pdf => &["pdf"],
            Kind::Png => &["png"],
            Kind::Jpeg => &["jpg", "jpeg"],
            Kind::Webp => &["webp"],
            Kind::Csv => &["csv"],
            Kind::Text => &["txt"],
        }
    }

    /// Declared types that say the same. Some systems call a table after their spreadsheet, others a text.
    fn declared_as(self, declared: &str) -> bool {
        match self {
            Kind::Csv => ["text/csv", "text/plain", "application/csv", "application/vnd.ms-excel"].contains(&declared),
            Kind::Jpeg => ["image/jpeg", "image/jpg"].contains(&declared),
            Kind::Pdf | Kind::Png | Kind::Webp | Kind::Text => declared == self.media_type(),
        }
    }

    const fn picture(self) -> Option<ImageFormat> {
        match self {
            Kind::Png => Some(ImageFormat::Png),
            Kind::Jpeg => Some(ImageFormat::Jpeg),
            Kind::Webp => Some(ImageFormat::WebP),
            Kind::Pdf | Kind::Csv | Kind::Text => None,
        }
    }
}

/// A file as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What it is.
    pub kind: Kind,
    /// Its bytes: a picture's are not those that were sent.
    pub bytes: Vec<u8>,
}

const ALLOWED: &str = "PDF, PNG, JPEG, WebP, CSV and text (.txt)";

fn refused() -> Refusal {
    Refusal::new(422, "file.type_refused", format!("This is none of the kinds that are kept: {ALLOWED}."))
        .with("allowed", ALLOWED)
}

/// Looks at a file and answers what is kept of it. `declared`: the media type the sender named, if any.
///
/// Errors: 422 with the kinds that are kept, with what name and bytes say differently, or with what is wrong with a picture.
pub async fn examine(name: &str, declared: Option<&str>, bytes: Vec<u8>) -> Result<Kept, Failure> {
    let kind = judge(name, declared, &bytes)?;
    let Some(format) = kind.picture() else { return Ok(Kept { kind, bytes }) };
    let permit = PICTURES.acquire().await.map_err(|e| Fault::new(e.to_string()))?;
    let work = move || {
        let rewritten = rewrite(&bytes, format);
        drop(permit);
        rewritten
    };
    let bytes = tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new(format!("a picture: {e}")))??;
    Ok(Kept { kind, bytes })
}

/// Longest side of a small picture, in pixels.
const SMALL_SIDE: u32 = 480;
/// Quality of a small picture.
const SMALL_QUALITY: u8 = 82;

/// A picture as it is kept, with a small one beside it.
#[derive(Debug, Clone)]
pub struct KeptPicture {
    /// The picture.
    pub kept: Kept,
    /// The same as a JPEG of at most 480 pixels a side, on white.
    pub small: Vec<u8>,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
}

/// Looks at a file that must be a picture, and makes a small one of it.
///
/// Errors: as [`examine`], and 422 `file.not_a_picture` for the other kinds.
pub async fn examine_picture(name: &str, declared: Option<&str>, bytes: Vec<u8>) -> Result<KeptPicture, Failure> {
    let kept = examine(name, declared, bytes).await?;
    let Some(format) = kept.kind.picture() else {
        let detail = format!("This is {}, and a picture is wanted: PNG, JPEG or WebP.", kept.kind.media_type());
        return Err(Refusal::new(422, "file.not_a_picture", detail).with("seen", kept.kind.media_type()).into());
    };
    let permit = PICTURES.acquire().await.map_err(|e| Fault::new(e.to_string()))?;
    let work = move || {
        let made = small(&kept.bytes, format);
        drop(permit);
        made.map(|(small, width, height)| KeptPicture { kept, small, width, height })
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|e| Fault::new(format!("a small picture: {e}")))??)
}

/// A small JPEG of a picture that was written here, and the size of the picture.
fn small(bytes: &[u8], format: ImageFormat) -> Result<(Vec<u8>, u32, u32), Refusal> {
    let picture = image::load_from_memory_with_format(bytes, format).map_err(|e| damaged(&e))?;
    let (width, height) = (picture.width(), picture.height());
    let large = width > SMALL_SIDE || height > SMALL_SIDE;
    let shown = if large { picture.thumbnail(SMALL_SIDE, SMALL_SIDE) } else { picture };
    // A JPEG knows no transparency: what shines through is white, as pages are.
    let mut rgba = shown.to_rgba8();
    for pixel in rgba.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for channel in pixel.0.iter_mut().take(3) {
            let mixed = (u32::from(*channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, SMALL_QUALITY);
    DynamicImage::ImageRgba8(rgba).to_rgb8().write_with_encoder(encoder).map_err(|e| damaged(&e))?;
    Ok((out, width, height))
}

/// What the file is, when bytes, name and declared type agree.
fn judge(name: &str, declared: Option<&str>, bytes: &[u8]) -> Result<Kind, Refusal> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let named = Kind::ALL.into_iter().find(|kind| kind.endings().contains(&ending.as_str()));
    let named = named.ok_or_else(refused)?;
    let seen = sniff(bytes).ok_or_else(refused)?;
    let same = seen == named || (seen == Kind::Text && named == Kind::Csv);
    if !same {
        return Err(differs(&format!(".{ending}"), seen));
    }
    let declared = declared.map(|d| d.split(';').next().unwrap_or(d).trim().to_ascii_lowercase());
    match declared.filter(|declared| !declared.is_empty() && declared != "application/octet-stream") {
        Some(declared) if !named.declared_as(&declared) => Err(differs(&declared, seen)),
        Some(_) | None => Ok(named),
    }
}

fn differs(said: &str, seen: Kind) -> Refusal {
    let said: String = said.chars().filter(|c| !c.is_control()).take(60).collect();
    let detail = format!("The file says it is {said}, but its content is {}.", seen.media_type());
    Refusal::new(422, "file.type_differs", detail).with("said", said).with("seen", seen.media_type())
}

/// The kind by the bytes alone.
fn sniff(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => is_whole_pdf(bytes).then_some(Kind::Pdf),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Kind::Png),
        [0xFF, 0xD8, 0xFF, ..] => Some(Kind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::Webp),
        _ => is_plain_text(bytes).then_some(Kind::Text),
    }
}

/// A PDF ends where it says; an archive behind it has its table of contents at the very end of the file.
fn is_whole_pdf(bytes: &[u8]) -> bool {
    let tail = bytes.len().saturating_sub(PDF_TAIL_MAX);
    let ends = bytes.get(tail..).is_some_and(|tail| tail.windows(5).any(|window| window == b"%%EOF"));
    ends && !ends_as_archive(bytes)
}

/// True when a ZIP's end record stands where it must: its comment reaches exactly to the end of the file.
fn ends_as_archive(bytes: &[u8]) -> bool {
    let from = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let records = bytes.get(from..).unwrap_or(&[]).windows(22).enumerate();
    records.filter(|(_, record)| record.starts_with(b"PK\x05\x06")).any(|(at, record)| {
        let comment = usize::from(u16::from_le_bytes([record[20], record[21]]));
        from + at + 22 + comment == bytes.len()
    })
}

/// Text without control characters that does not begin as a page or a drawing does.
fn is_plain_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let begins = text.trim_start_matches('\u{feff}').trim_start();
    !begins.starts_with('<') && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

fn damaged(error: &dyn std::fmt::Display) -> Refusal {
    let why: String = error.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Refusal::new(422, "file.damaged", format!("The picture cannot be read: {why}."))
}

/// Decodes a picture within its bounds and writes it anew, upright, with nothing but its pixels.
fn rewrite(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, Refusal> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| damaged(&e))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        let detail = format!("The picture has {pixels} pixels ({width} × {height}); {PIXELS_MAX} are read.");
        return Err(Refusal::new(422, "file.too_many_pixels", detail).with("pixels", pixels).with("max", PIXELS_MAX));
    }
    let upright = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| damaged(&e))?;
    if let Some(upright) = upright {
        picture.apply_orientation(upright);
    }
    let mut anew = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => {
            picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut anew, JPEG_QUALITY))
        }
        ImageFormat::WebP => picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut anew)),
        _ => picture.write_with_encoder(PngEncoder::new(&mut anew)),
    };
    written.map_err(|e| damaged(&e))?;
    if anew.len() > FILE_MAX {
        let detail = "The picture takes more than 10 MiB without loss; send it smaller.";
        return Err(Refusal::new(413, "too_large", detail));
    }
    Ok(anew)
}

#[cfg(test)]
mod tests;

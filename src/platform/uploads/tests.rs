//! The corpus: files that are two things at once, lie about what they are, or are too much.

use super::*;
use image::{Rgb, RgbImage};

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image =
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// An archive of nothing, as it may hang behind any file.
fn archive(comment: &[u8]) -> Vec<u8> {
    let mut bytes = b"PK\x05\x06".to_vec();
    bytes.extend([0; 16]);
    bytes.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
    bytes.extend(comment);
    bytes
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

async fn code(name: &str, declared: Option<&str>, bytes: impl AsRef<[u8]>) -> String {
    match examine(name, declared, bytes.as_ref().to_vec()).await {
        Ok(kept) => kept.kind.media_type().to_owned(),
        Err(Failure::Refused(refusal)) => refusal.code,
        Err(Failure::Failed(fault)) => panic!("{name}: {fault}"),
    }
}

#[tokio::test]
async fn a_file_is_kept_when_bytes_name_and_declared_type_agree() {
    let [png, jpeg, webp] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP].map(|f| picture(f, 8, 4));
    for (name, declared, bytes, kind) in [
        ("a.png", Some("image/png"), png.as_slice(), "image/png"),
        ("a.PNG", None, &png, "image/png"),
        ("a.b.jpg", Some("image/jpeg"), &jpeg, "image/jpeg"),
        ("a.jpeg", Some("application/octet-stream"), &jpeg, "image/jpeg"),
        ("a.webp", Some("image/webp"), &webp, "image/webp"),
        ("a.pdf", Some("application/pdf"), PDF, "application/pdf"),
        ("a.csv", Some("application/vnd.ms-excel"), b"a,b\n1,-2\n", "text/csv"),
        ("a.csv", Some("text/csv; charset=utf-8"), "价格,1\n".as_bytes(), "text/csv"),
        ("a.txt", Some("text/plain"), b"a < b\n", "text/plain"),
        ("a.txt", None, b"", "text/plain"),
    ] {
        assert_eq!(code(name, declared, bytes).await, kind, "{name}");
    }
}

#[tokio::test]
async fn names_and_types_that_lie_and_kinds_that_are_not_kept_are_refused() {
    let png = picture(ImageFormat::Png, 8, 4);
    let elf = b"\x7fELF\x02\x01\x01\0\0";
    for (name, declared, bytes, refusal) in [
        ("a.jpg", None, png.as_slice(), "file.type_differs"),
        ("a.png", Some("image/jpeg"), &png, "file.type_differs"),
        ("a.pdf", None, &png, "file.type_differs"),
        ("a.png", None, PDF, "file.type_differs"),
        ("a.txt", None, PDF, "file.type_differs"),
        ("a.png", Some("text/html"), &png, "file.type_differs"),
        ("a.html", None, b"<html>", "file.type_refused"),
        ("a.svg", Some("image/svg+xml"), b"<svg xmlns='x'><script/></svg>", "file.type_refused"),
        ("a.png", None, b"<svg xmlns='x'/>", "file.type_refused"),
        ("a.txt", None, b"\n \t<!doctype html><script>", "file.type_refused"),
        ("a.txt", None, "\u{feff}<script>".as_bytes(), "file.type_refused"),
        ("a.csv", None, b"a,b\0c", "file.type_refused"),
        ("a.txt", None, b"\x1b]0;x\x07", "file.type_refused"),
        ("a.txt", None, &[0xff, 0xfe, b'a', 0], "file.type_refused"),
        ("a.zip", None, b"PK\x03\x04", "file.type_refused"),
        ("a.docx", None, b"PK\x03\x04", "file.type_refused"),
        ("a.txt", None, b"PK\x03\x04\0", "file.type_refused"),
        ("a.gif", None, b"GIF89a", "file.type_refused"),
        ("a.exe", None, elf, "file.type_refused"),
        ("a.txt", None, elf, "file.type_refused"),
        ("png", None, &png, "file.type_refused"),
        ("a.png ", None, &png, "file.type_refused"),
        ("a.png/", None, &png, "file.type_refused"),
        ("", None, &png, "file.type_refused"),
    ] {
        assert_eq!(code(name, declared, bytes).await, refusal, "{name} {declared:?}");
    }
}

#[tokio::test]
async fn what_hangs_behind_a_picture_or_hides_in_it_stays_behind() {
    for (name, format) in [("a.png", ImageFormat::Png), ("a.jpg", ImageFormat::Jpeg), ("a.webp", ImageFormat::WebP)] {
        let mut bytes = picture(format, 16, 8);
        if format == ImageFormat::Jpeg {
            // A remark with a page in it, right behind the beginning.
            let remark = b"<script>alert(1)</script>";
            let mut with_remark = bytes[..2].to_vec();
            with_remark.extend([0xFF, 0xFE, 0, u8::try_from(remark.len()).unwrap() + 2]);
            with_remark.extend(remark);
            with_remark.extend(&bytes[2..]);
            bytes = with_remark;
        }
        bytes.extend(b"<html><script>alert(1)</script>GPS 48.1N");
        bytes.extend(archive(b""));

        let kept = examine(name, None, bytes).await.unwrap().bytes;

        for hidden in [b"script".as_slice(), b"GPS", b"PK\x05\x06"] {
            assert!(!kept.windows(hidden.len()).any(|w| w == hidden), "{name}");
        }
        let again = image::load_from_memory_with_format(&kept, format).unwrap().to_rgb8();
        assert_eq!(again.dimensions(), (16, 8));
        assert!(again.get_pixel(1, 1).0[0] > 200 && again.get_pixel(14, 1).0[2] > 200, "the picture is the same");
    }
}

#[tokio::test]
async fn the_same_picture_is_kept_as_the_same_bytes() {
    let bytes = picture(ImageFormat::Jpeg, 40, 30);
    let first = examine("a.jpg", None, bytes.clone()).await.unwrap().bytes;

    assert_eq!(examine("b.jpg", None, bytes).await.unwrap().bytes, first);
}

#[tokio::test]
async fn a_pdf_with_an_archive_behind_it_or_without_an_end_is_refused() {
    let with = |tail: &[u8]| [PDF, tail].concat();

    assert_eq!(code("a.pdf", None, with(b"\n")).await, "application/pdf");
    assert_eq!(code("a.pdf", None, with(b" PK\x05\x06 is how an archive ends")).await, "application/pdf");
    assert_eq!(code("a.pdf", None, with(&archive(b""))).await, "file.type_refused");
    assert_eq!(code("a.pdf", None, with(&archive(b"%%EOF"))).await, "file.type_refused");
    assert_eq!(code("a.pdf", None, with(&[b' '; 4_000])).await, "file.type_refused");
    assert_eq!(code("a.pdf", None, b"%PDF-1.7\n").await, "file.type_refused");
}

/// A PNG that declares a size and holds nothing of it.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(ImageFormat::Png, 1, 1);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[tokio::test]
async fn a_bomb_of_pixels_is_refused_before_it_is_unpacked() {
    assert_eq!(code("a.png", None, bomb(1, 1)).await, "image/png", "control: the header is well made");
    assert_eq!(code("a.png", None, bomb(100_000, 100_000)).await, "file.too_many_pixels");
    assert_eq!(code("a.png", None, bomb(8_000, 5_001)).await, "file.too_many_pixels");
    assert_eq!(code("a.png", None, bomb(6_000, 5_000)).await, "file.damaged", "within bounds, but nothing is there");
    assert_eq!(code("a.png", None, bomb(0, 5)).await, "file.damaged");
}

#[tokio::test]
async fn a_picture_that_breaks_off_is_refused_wherever_it_breaks_off() {
    for (name, format) in [("a.png", ImageFormat::Png), ("a.jpg", ImageFormat::Jpeg), ("a.webp", ImageFormat::WebP)] {
        let whole = picture(format, 32, 32);
        for length in [12, 20, whole.len() / 2] {
            let told = code(name, None, &whole[..length]).await;
            // A JPEG that lacks its end is read as far as it goes; it is a picture again afterwards.
            assert!(
                told == "file.damaged" || (format == ImageFormat::Jpeg && told == "image/jpeg"),
                "{name} {length} {told}"
            );
        }
    }
}

#[test]
fn a_name_cannot_lead_anywhere_or_hide_its_ending() {
    let long = format!("{}.pdf", "a".repeat(400));
    for (given, kept) in [
        ("drawing.pdf", "drawing.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/", ""),
        ("..", ""),
        (".htaccess.txt", "htaccess.txt"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ("a\0.png", "a.png"),
        ("evil\u{202e}gpj.exe", "evilgpj.exe"),
        ("say \"x\".txt", "say x.txt"),
        ("价格表.csv", "价格表.csv"),
        (" .pdf", "pdf"),
    ] {
        assert_eq!(harmless_name(given), kept, "{given:?}");
    }
    assert_eq!(harmless_name(&long).chars().count(), NAME_MAX);
    assert!(harmless_name(&long).ends_with("aaa.pdf"));
}

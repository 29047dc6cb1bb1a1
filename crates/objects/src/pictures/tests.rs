use std::time::Instant;

use domain::picture::PictureFormat::{self, Gif, Jpeg, Png};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"52.2297N 21.0122E Ada";

fn cleaner() -> Pictures {
    Pictures::new(NonZeroUsize::MIN)
}

async fn clean(file: &[u8]) -> Result<CleanPicture, CleaningError> {
    cleaner().clean(file.to_vec()).await
}

fn contains(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}

/// Colours that differ from pixel to pixel.
fn pixels(width: u32, height: u32) -> Vec<u8> {
    let colour =
        |at: u32| [at % 251, at % 7 * 31, at / 5 % 253].map(|value| value.to_le_bytes()[0]);
    (0..width * height).flat_map(colour).collect()
}

fn a_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut file, width, height);
    encoder.set_color(::png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels(width, height)).unwrap();
    writer.finish().unwrap();
    file
}

/// A PNG with one more chunk behind its header.
fn with_chunk(png: &[u8], name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let header = 8 + 4 + 4 + 13 + 4;
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(name);
    chunk.extend(data);
    chunk.extend(crc32(&chunk[4..]).to_be_bytes());
    [&png[..header], &chunk, &png[header..]].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}

fn a_gif(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let palette: Vec<u8> = (0..=255).flat_map(|grey| [grey, grey, 255 - grey]).collect();
    let mut encoder = ::gif::Encoder::new(&mut file, width, height, &palette).unwrap();
    for number in 0..frames {
        let length = usize::from(width) * usize::from(height);
        let buffer: Vec<u8> = (0..length).map(|at| (at + number).to_le_bytes()[0]).collect();
        let frame = ::gif::Frame { width, height, buffer: buffer.into(), ..Default::default() };
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    file
}

/// A JPEG with metadata that holds a secret and says that the picture lies on its side.
fn a_jpeg(width: u32, height: u32) -> Vec<u8> {
    let orientation = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    let exif = [b"MM\0\x2a\0\0\0\x08".as_slice(), &orientation, SECRET].concat();
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode(&pixels(width, height), width, height, ExtendedColorType::Rgb8).unwrap();
    file
}

fn shown(png: &[u8]) -> Vec<u8> {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

fn size(picture: &CleanPicture) -> (PictureFormat, u32, u32) {
    (picture.format, picture.width, picture.height)
}

#[tokio::test]
async fn of_a_png_only_the_pixels_stay() {
    let plain = a_png(20, 10);
    let mut file = plain.clone();
    for name in [*b"tEXt", *b"eXIf", *b"iTXt", *b"zTXt", *b"prIv"] {
        file = with_chunk(&file, name, &[b"Comment\0", SECRET].concat());
    }
    file.extend(SECRET);
    let picture = clean(&file).await.unwrap();
    assert_eq!(size(&picture), (Png, 20, 10));
    assert!(contains(&file, SECRET) && !contains(&picture.content, SECRET));
    assert_eq!(shown(&picture.content), pixels(20, 10));
}

#[tokio::test]
async fn of_a_gif_the_first_picture_stays_colour_for_colour() {
    let mut file = a_gif(20, 10, 3);
    file.pop();
    file.extend([&[0x21, 0xfe, u8::try_from(SECRET.len()).unwrap()], SECRET, &[0, 0x3b]].concat());
    file.extend(SECRET);
    let picture = clean(&file).await.unwrap();
    assert_eq!(size(&picture), (Gif, 20, 10));
    assert!(!contains(&picture.content, SECRET));
    let read = |file: &[u8]| {
        let mut options = ::gif::DecodeOptions::new();
        options.set_color_output(::gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(std::io::Cursor::new(file.to_vec())).unwrap();
        let first = decoder.read_next_frame().unwrap().unwrap().buffer.to_vec();
        (first, decoder.read_next_frame().unwrap().is_some())
    };
    let ((before, _), (after, more)) = (read(&file), read(&picture.content));
    assert_eq!(before, after);
    assert!(!more, "the animation is gone");
}

#[tokio::test]
async fn of_a_jpeg_the_upright_picture_stays_and_no_metadata() {
    let mut file = a_jpeg(20, 10);
    file.extend([b"PK\x03\x04".as_slice(), SECRET].concat());
    let picture = clean(&file).await.unwrap();
    assert_eq!(size(&picture), (Jpeg, 10, 20), "it lay on its side");
    assert!(contains(&file, SECRET) && !contains(&picture.content, SECRET));
    assert!(!contains(&picture.content, b"Exif") && !contains(&picture.content, b"PK\x03\x04"));
    let decoder = JpegDecoderOf::new(std::io::Cursor::new(&picture.content)).unwrap();
    assert_eq!(DynamicImage::from_decoder(decoder).unwrap().height(), 20);
}

type JpegDecoderOf<R> = image::codecs::jpeg::JpegDecoder<R>;

#[tokio::test]
async fn what_is_cleaned_stays_what_it_is_when_cleaned_again() {
    for file in [a_png(1, 1), a_gif(1, 1, 1), a_jpeg(8, 8)] {
        let once = clean(&file).await.unwrap();
        let twice = clean(&once.content).await.unwrap();
        assert_eq!(size(&once), size(&twice));
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let files: [&[u8]; 8] = [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<!doctype html><script>",
        b"<?php system($_GET['c']);",
        b"%PDF-1.7",
        b"GIF89a<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0<?php",
        b"\x89PNG\r\n\x1a\n",
    ];
    for file in files {
        assert_eq!(clean(file).await, Err(CleaningError::NoPicture), "{file:?}");
    }
}

/// The head of a PNG of any size, with pixels for none of it.
fn a_png_of(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(&header);
    let length = u32::try_from(header.len()).unwrap().to_be_bytes();
    let crc = crc32(&chunk).to_be_bytes();
    let rest = &a_png(1, 1)[33..];
    [b"\x89PNG\r\n\x1a\n", length.as_slice(), &chunk, &crc, rest].concat()
}

#[tokio::test]
async fn pictures_of_too_many_pixels_are_refused_by_their_heads() {
    for (width, height) in [(60_000, 60_000), (4097, 1), (1, 4097), (0, 1), (u32::MAX, u32::MAX)] {
        let started = Instant::now();
        assert_eq!(clean(&a_png_of(width, height)).await, Err(CleaningError::NoPicture));
        assert!(started.elapsed().as_millis() < 500, "{width} x {height}");
    }
    let mut gif = a_gif(1, 1, 1);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(clean(&gif).await, Err(CleaningError::NoPicture));
    let mut jpeg = a_jpeg(8, 8);
    let frame = jpeg.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    assert_eq!(clean(&jpeg).await, Err(CleaningError::NoPicture));
}

#[tokio::test]
async fn a_gif_of_ten_thousand_pictures_costs_one() {
    let file = a_gif(16, 16, 10_000);
    let started = Instant::now();
    let picture = clean(&file).await.unwrap();
    assert!(picture.content.len() < 4096, "{}", picture.content.len());
    assert!(started.elapsed().as_secs() < 1);
}

#[tokio::test]
async fn an_animated_png_costs_its_first_picture() {
    let mut file = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut file, 16, 16);
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_animated(1000, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for _ in 0..1000 {
        writer.write_image_data(&pixels(16, 16)).unwrap();
    }
    writer.finish().unwrap();
    let picture = clean(&file).await.unwrap();
    assert_eq!(size(&picture), (Png, 16, 16));
    assert!(picture.content.len() < 4096 && !contains(&picture.content, b"acTL"));
}

#[tokio::test]
async fn texts_and_profiles_that_would_inflate_are_not_inflated() {
    // Zeros that take a thousandth of their size: 64 MiB of them.
    let bomb = inflating(64 * 1024 * 1024);
    for (name, head) in [(*b"zTXt", &b"Comment\0\0"[..]), (*b"iCCP", b"sRGB\0\0")] {
        let file = with_chunk(&a_png(4, 4), name, &[head, &bomb].concat());
        let before = peak_from_now();
        let started = Instant::now();
        let picture = clean(&file).await.unwrap();
        assert!(started.elapsed().as_secs() < 1);
        assert!(picture.content.len() < 1024);
        assert!(peak() < before + 16 * 1024 * 1024, "{name:?}");
    }
}

/// A stream of zlib that inflates to so many zeros.
fn inflating(length: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let side = 8192;
    let rows = u32::try_from(length / side).unwrap();
    let mut encoder = ::png::Encoder::new(&mut file, u32::try_from(side).unwrap(), rows);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.set_filter(::png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![0; length]).unwrap();
    writer.finish().unwrap();
    let start = file.windows(4).position(|name| name == b"IDAT").unwrap();
    let length = u32::from_be_bytes(file[start - 4..start].try_into().unwrap());
    file[start + 4..start + 4 + usize::try_from(length).unwrap()].to_vec()
}

/// Begins to watch anew how much memory this process holds at most.
fn peak_from_now() -> usize {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak()
}

/// The most memory that this process has held since.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").trim().parse().ok());
    kib.map(|kib: usize| kib * 1024).unwrap()
}

#[tokio::test]
async fn a_picture_that_waits_too_long_is_put_off() {
    let busy = cleaner();
    let turn = Arc::clone(&busy.0).acquire_owned().await.unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(50), busy.clean(a_png(1, 1))).await;
    assert!(waiting.is_err(), "one at a time");
    drop(turn);
    assert!(busy.clean(a_png(1, 1)).await.is_ok());
    busy.0.close();
    assert_eq!(busy.clean(a_png(1, 1)).await, Err(CleaningError::Overloaded));
}

#[test]
fn truncated_pictures_are_refused_or_whole() {
    for file in [a_png(40, 30), a_gif(40, 30, 2), a_jpeg(40, 30)] {
        for sixteenth in 0..16 {
            judge(&file[..file.len() * sixteenth / 16]);
        }
    }
}

/// Whatever the file is, the outcome is a refusal or a picture that reads.
fn judge(file: &[u8]) {
    let Some(format) = PictureFormat::of_content(file) else { return };
    if let Some(picture) = renewed(format, file) {
        assert_eq!(PictureFormat::of_content(&picture.content), Some(format));
        let again = renewed(format, &picture.content).expect("what we wrote is a picture");
        assert_eq!((again.width, again.height), (picture.width, picture.height));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn flipped_bits_make_a_refusal_or_a_picture(
        which in 0..3_usize,
        flips in vec((any::<prop::sample::Index>(), 0..8_u8), 1..20),
    ) {
        let mut file = match which {
            0 => a_png(24, 16),
            1 => a_gif(24, 16, 2),
            _ => a_jpeg(24, 16),
        };
        for (at, bit) in flips {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
        }
        judge(&file);
    }
}

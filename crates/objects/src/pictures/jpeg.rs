//! JPEG: the picture as it is to be seen, upright, in the usual colours.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{DynamicImage, ImageDecoder as _, Limits};

use super::{LONGEST_SIDE, MOST_MEMORY, Renewed, fits};

/// Where a second compression is hardly to be seen.
const QUALITY: u8 = 90;

pub(super) fn renew(file: &[u8]) -> Option<Renewed> {
    let mut decoder = JpegDecoder::new(Cursor::new(file)).ok()?;
    let (width, height) = decoder.dimensions();
    if !fits(width, height) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY as u64);
    decoder.set_limits(limits).ok()?;
    // Which way is up is told by the metadata, which goes.
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    let mut content = Vec::new();
    JpegEncoder::new_with_quality(&mut content, QUALITY).encode_image(&picture).ok()?;
    Some(Renewed { width: picture.width(), height: picture.height(), content })
}

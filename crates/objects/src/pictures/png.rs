//! PNG: the picture itself, in eight bits a colour. Animations, profiles and texts are not even inflated.

use std::io::Cursor;

use png::{BitDepth, Decoder, Encoder, Limits, Transformations};

use super::{MOST_MEMORY, Renewed, fits};

pub(super) fn renew(file: &[u8]) -> Option<Renewed> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MOST_MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().ok()?;
    if !fits(header.width, header.height) {
        return None;
    }
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size().filter(|size| *size <= MOST_MEMORY)?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    let (width, height) = (frame.width, frame.height);
    let mut content = Vec::new();
    let mut encoder = Encoder::new(&mut content, width, height);
    encoder.set_color(frame.color_type);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels[..frame.buffer_size()]).ok()?;
    writer.finish().ok()?;
    Some(Renewed { width, height, content })
}

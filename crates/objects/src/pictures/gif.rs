//! GIF: the first picture, colour for colour. What follows it is not read.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Encoder, Frame, MemoryLimit};

use super::{MOST_MEMORY, Renewed, fits};

pub(super) fn renew(file: &[u8]) -> Option<Renewed> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    options.set_memory_limit(MemoryLimit::Bytes(NonZeroU64::new(MOST_MEMORY as u64)?));
    let mut decoder = options.read_info(file).ok()?;
    let (width, height) = (decoder.width(), decoder.height());
    if !fits(width.into(), height.into()) {
        return None;
    }
    let everywhere = decoder.global_palette().map(<[u8]>::to_vec);
    // A frame lies within the picture, so it needs no more than one byte for each of its pixels.
    let frame = decoder.next_frame_info().ok()??.clone();
    let mut pixels = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels).ok()?;
    let shown = Frame {
        left: frame.left,
        top: frame.top,
        width: frame.width,
        height: frame.height,
        transparent: frame.transparent,
        palette: Some(frame.palette.clone().or(everywhere)?),
        buffer: pixels.into(),
        ..Frame::default()
    };
    let mut content = Vec::new();
    let mut encoder = Encoder::new(&mut content, width, height, &[]).ok()?;
    encoder.write_frame(&shown).ok()?;
    drop(encoder);
    Some(Renewed { width: width.into(), height: height.into(), content })
}

//! What a file is known by.

use std::io::{self, Read};

use aws_lc_rs::digest::{Context, SHA256};
use domain::Fingerprint;

/// The SHA-256 of everything that a source has, read piece by piece.
pub fn fingerprint_of(mut source: impl Read) -> io::Result<Fingerprint> {
    let mut context = Context::new(&SHA256);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match source.read(&mut piece)? {
            0 => break,
            count => context.update(&piece[..count]),
        }
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use domain::text::hex;

    use super::*;

    /// FIPS 180-4's examples, and one that is longer than a piece.
    #[test]
    fn a_file_is_known_by_its_sha_256() {
        let of = |content: &[u8]| hex(fingerprint_of(content).unwrap().as_ref());
        assert_eq!(of(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(of(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(of(&b"a".repeat(1_000_000)), million);
    }
}

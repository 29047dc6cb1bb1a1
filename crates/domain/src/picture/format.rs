//! The formats of pictures.

/// A format that pictures come in (OL 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// Portable network graphics.
    Png,
    /// Graphics interchange format.
    Gif,
    /// JPEG.
    Jpeg,
}

impl PictureFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Png, Self::Gif, Self::Jpeg];

    /// The format that a file begins as, whatever its name or its declared type.
    pub fn of_content(file: &[u8]) -> Option<Self> {
        let begins = |signature: &[u8]| file.starts_with(signature);
        if begins(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if begins(b"GIF87a") || begins(b"GIF89a") {
            Some(Self::Gif)
        } else if begins(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// What the names of such files end with.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Jpeg => "jpeg",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_alone_decide() {
        for (file, expected) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Some(PictureFormat::Png)),
            (b"GIF89a...", Some(PictureFormat::Gif)),
            (b"\xff\xd8\xff\xe0", Some(PictureFormat::Jpeg)),
            (b"\x89PNG\n\x1a\n", None),
            (b"<svg xmlns=", None),
            (b"%PDF-1.7", None),
            (b"RIFF\0\0\0\0WEBP", None),
            (b"", None),
        ] {
            assert_eq!(PictureFormat::of_content(file), expected, "{file:?}");
        }
    }
}

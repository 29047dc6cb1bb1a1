//! The form of a picture (contract 4.2 and 7).

use std::borrow::Cow;

use domain::StorageError;
use domain::customer::Avatar;
use domain::picture::{
    AvatarUpload, LEAST_PHOTO_SIDE, MOST_PICTURE_BYTES, PictureError, PictureFormat, PicturePath,
    Side, declared_type, original_name,
};

use super::super::errors::Error;
use super::super::wire::upload::{SentFile, Upload};
use super::form::BLANK;
use super::sheet::{Child, Sheet};
use crate::http::form::FormValue;

const FORM: &[Child] = &[Child::Field("file")];
const FILE: &str = "file";
const NO_PICTURE: &str = "This file is not a valid image.";

/// The form, as it was sent.
pub(crate) struct PictureForm {
    root: FormValue,
    size: usize,
}

impl PictureForm {
    /// The file that the form carries below its root.
    pub(crate) fn read(root: &str, upload: Upload) -> Result<(Self, SentFile), Error> {
        let root = upload.fields.get(root);
        let mut sheet = Sheet::new(FORM, root)?;
        match (upload.file, root) {
            (Some(file), Some(root)) if sheet.is_clean() => {
                let form = Self { root: root.clone(), size: file.size };
                if file.size > MOST_PICTURE_BYTES {
                    return Err(form.refused(PictureError::TooLarge));
                }
                Ok((form, file))
            }
            (file, _) => {
                if file.is_none() {
                    sheet.note(FILE, BLANK);
                }
                Err(sheet.refused())
            }
        }
    }

    /// The answer to a picture that the domain refused.
    pub(crate) fn refused(&self, error: PictureError) -> Error {
        let message: Cow<'static, str> = match error {
            PictureError::NoPicture => NO_PICTURE.into(),
            PictureError::TooLarge => too_large(self.size).into(),
            PictureError::TooSmall { side, pixels } => too_small(side, pixels).into(),
            PictureError::Objects(error) => {
                tracing::error!(%error, "a picture could not be stored");
                return Error::told("The file could not be stored.");
            }
            other => return unreadable(other),
        };
        let mut sheet = Sheet::lenient(FORM, &self.root);
        sheet.note(FILE, message);
        sheet.refused()
    }
}

/// A customer's picture, as the domain takes it.
pub(crate) fn avatar_upload(file: SentFile) -> AvatarUpload {
    AvatarUpload {
        original_name: original_name(&file.said.name),
        media_type: declared_type(file.said.declared_type.as_deref()),
        content: file.content,
    }
}

/// The answer where there is no form: to showing or removing a picture.
pub(crate) fn unreadable(error: PictureError) -> Error {
    match error {
        PictureError::NotFound => Error::NotFound,
        PictureError::Overloaded => unavailable("too many pictures at once"),
        PictureError::Objects(error) => unavailable(&error.to_string()),
        PictureError::Storage(error) => Error::Storage(error),
        PictureError::Customer(error) => error.into(),
        PictureError::NoPicture | PictureError::TooLarge | PictureError::TooSmall { .. } => {
            Error::BadRequest
        }
    }
}

fn unavailable(why: &str) -> Error {
    Error::Storage(StorageError::Unavailable(why.to_owned()))
}

/// The type that a customer's picture is served with: the declared one where it is a picture's or says nothing, and else
/// the true one, because a client must not choose how a browser reads a file (contract 7).
pub(crate) fn served_type<'a>(avatar: &'a Avatar, path: &PicturePath) -> &'a str {
    let declared = avatar.media_type.as_str();
    let harmless = PictureFormat::ALL.map(PictureFormat::media_type);
    if harmless.contains(&declared) || declared == UNKNOWN_TYPE {
        return declared;
    }
    path.format().map_or(UNKNOWN_TYPE, PictureFormat::media_type)
}

const UNKNOWN_TYPE: &str = "application/octet-stream";

/// In the largest unit that tells the size from the limit.
fn too_large(size: usize) -> String {
    let units = [(1_000_000, "MB"), (1_000, "kB"), (1, "bytes")];
    let rounded = |bytes: usize, unit: usize| {
        let hundredths = (bytes * 100 + unit / 2) / unit;
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let told =
        units.map(|(unit, name)| (rounded(size, unit), rounded(MOST_PICTURE_BYTES, unit), name));
    let told = told.into_iter().find(|(size, limit, _)| size != limit).unwrap_or_default();
    let (size, limit, unit) = told;
    format!("The file is too large ({size} {unit}). Allowed maximum size is {limit} {unit}.")
}

fn too_small(side: Side, pixels: u32) -> String {
    let side = match side {
        Side::Width => "width",
        Side::Height => "height",
    };
    format!(
        "The image {side} is too small ({pixels}px). Minimum {side} expected is {LEAST_PHOTO_SIDE}px."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_tells_them_apart() {
        for (size, expected) in [
            (3_000_000, "The file is too large (3 MB). Allowed maximum size is 2 MB."),
            (2_340_000, "The file is too large (2.34 MB). Allowed maximum size is 2 MB."),
            (2_001_000, "The file is too large (2001 kB). Allowed maximum size is 2000 kB."),
            (
                2_000_001,
                "The file is too large (2000001 bytes). Allowed maximum size is 2000000 bytes.",
            ),
        ] {
            assert_eq!(too_large(size), expected);
        }
    }

    #[test]
    fn a_client_does_not_choose_how_a_browser_reads_a_file() {
        let path = PicturePath::try_from("avatars/0f.gif").unwrap();
        for (declared, served) in [
            ("image/png", "image/png"),
            ("image/jpeg", "image/jpeg"),
            ("application/octet-stream", "application/octet-stream"),
            ("text/html", "image/gif"),
            ("image/svg+xml", "image/gif"),
        ] {
            let line = |text: &str| text.try_into().unwrap();
            let avatar = Avatar {
                path: line(path.as_str()),
                original_name: line("me"),
                media_type: line(declared),
            };
            assert_eq!(served_type(&avatar, &path), served);
        }
    }
}

//! Pictures of customers and levels (OL 4.2 and 7): what may come in, where it lies, and when it goes.
//!
//! A picture is two things that no transaction holds together: a file in an object store and a word in a row. The file
//! is written first and the row second, so that no row ever names a file that is not there. Every file that no row
//! names, or soon will name none, is noted as a stray beforehand ([`PictureRepository`]), and strays are swept.

mod error;
mod file_name;
mod format;
mod path;
mod port;
mod service;
#[cfg(test)]
mod tests;

pub use error::{PictureError, Side};
pub use file_name::{declared_type, original_name};
pub use format::PictureFormat;
pub use path::{InvalidPath, PictureFolder, PicturePath};
pub use port::{
    CleanPicture, CleaningError, ObjectError, ObjectKey, ObjectStore, PictureCleaner,
    PictureRepository,
};
pub use service::{AvatarUpload, LEAST_PHOTO_SIDE, MOST_PICTURE_BYTES, Pictures};

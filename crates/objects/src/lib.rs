#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

#[cfg(feature = "s3")]
mod bucket;
mod folder;
mod pictures;

#[cfg(feature = "s3")]
pub use bucket::{Bucket, BucketSettings, InvalidBucket};
pub use folder::Folder;
pub use pictures::Pictures;

//! Where a picture lies within what a merchant has stored.

use std::fmt;

use super::format::PictureFormat;
use crate::clock::Entropy;
use crate::text::hex;

/// What kind of thing a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFolder {
    /// Customers (OL 7: `avatars/<md5>.<ext>`).
    Avatars,
    /// Levels.
    Levels,
}

impl PictureFolder {
    fn name(self) -> &'static str {
        match self {
            Self::Avatars => "avatars",
            Self::Levels => "levels",
        }
    }
}

/// A folder and a name: `avatars/1f3870be274f6c49b3e31a0c6728957f.png`. The name is as long as an MD5 and random, so that
/// no two uploads share a file and nobody can guess one; nothing that a client sent is in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicturePath(String);

/// A text that is no path of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no path of a picture")]
pub struct InvalidPath;

impl PicturePath {
    /// A path that nobody has had.
    pub fn mint(folder: PictureFolder, format: PictureFormat, entropy: &dyn Entropy) -> Self {
        let mut name = [0; 16];
        entropy.fill(&mut name);
        Self(format!("{}/{}.{}", folder.name(), hex(&name), format.extension()))
    }

    /// The path as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its folder and its extension: never given to another content.
    pub fn stem(&self) -> &str {
        let name = self.0.split_once('/').map_or(self.0.as_str(), |(_, name)| name);
        name.split('.').next().unwrap_or(name)
    }

    /// The format that the name ends as.
    pub fn format(&self) -> Option<PictureFormat> {
        let (_, extension) = self.0.rsplit_once('.')?;
        PictureFormat::ALL.into_iter().find(|format| format.extension() == extension)
    }
}

impl TryFrom<&str> for PicturePath {
    type Error = InvalidPath;

    /// A path leads one folder down and nowhere else, on whatever stores it.
    fn try_from(text: &str) -> Result<Self, InvalidPath> {
        let (folder, name) = text.split_once('/').ok_or(InvalidPath)?;
        let plain = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_alphanumeric())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        };
        let fits = text.len() <= 255 && plain(folder) && plain(name);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidPath) }
    }
}

impl fmt::Display for PicturePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SequentialEntropy;

    #[test]
    fn minted_paths_are_new_and_read_back() {
        let entropy = SequentialEntropy::default();
        let mint = || PicturePath::mint(PictureFolder::Avatars, PictureFormat::Jpeg, &entropy);
        let (path, other) = (mint(), mint());
        assert_ne!(path, other);
        assert_eq!(path.as_str(), format!("avatars/{}.jpeg", path.stem()));
        assert_eq!(path.stem().len(), 32);
        assert_eq!(path.format(), Some(PictureFormat::Jpeg));
        assert_eq!(PicturePath::try_from(path.as_str()), Ok(path));
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        for text in
            ["", "a", "../a", "a/../b", "a/b/c", "/a", "a/", "a/.b", "a/b\\c", "a/b\0", "ä/b"]
        {
            assert_eq!(PicturePath::try_from(text), Err(InvalidPath), "{text:?}");
        }
    }
}

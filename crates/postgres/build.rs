//! Makes cargo notice new migrations, which are embedded when the crate is compiled, and hands their text to tests.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new("../../migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut texts = String::new();
    let mut migrations: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    migrations.sort_by_key(fs::DirEntry::path);
    for migration in migrations {
        texts += &fs::read_to_string(migration.path().join("up.sql"))?;
    }
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("migrations.txt"), texts)
}

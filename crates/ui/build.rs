//! Takes what `npm run build` made in the folder `web` into the program. Where nothing was built there is nothing to take,
//! and the program is complete without it: this script needs no Node and no network.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Where the build of the UI puts its files. The folder above it is always there, so that cargo can watch it.
const BUILT: &str = "../../web/dist/pages";

/// Files that end like this are compressed already.
const COMPRESSED: &[&str] = &["woff2", "png"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../web/dist");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(BUILT);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = Vec::new();
    if root.join("index.html").is_file() {
        collect(&root, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for (number, file) in files.iter().enumerate() {
        let path = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        let gzip = match file.extension().and_then(|end| end.to_str()) {
            Some(end) if COMPRESSED.contains(&end) => "None".to_owned(),
            _ => format!("Some(include_bytes!({:?}))", compress(file, &out.join(format!("{number}.gz")))?),
        };
        writeln!(table, "PageFile {{ path: \"/{path}\", bytes: include_bytes!({file:?}), gzip: {gzip} }},")?;
    }
    table.push(']');
    fs::write(out.join("files.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with('.') {
            // Notes of the build for itself.
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn compress(file: &Path, to: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let mut encoder = GzEncoder::new(fs::File::create(to)?, Compression::best());
    encoder.write_all(&fs::read(file)?)?;
    encoder.finish()?;
    Ok(to.to_owned())
}

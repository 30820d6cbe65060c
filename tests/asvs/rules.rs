//! Reads the sources and finds words in them.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the project.
pub fn manifest(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn collect(folder: &Path, ends: &[&str], found: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, ends, found);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The server's sources; unit tests in them count, too.
pub fn backend() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join("src"), &[".rs"], &mut found);
    assert!(found.len() > 100, "{} sources", found.len());
    found
}

/// The frontend's sources without its tests.
pub fn frontend() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join("frontend/src"), &[".ts", ".tsx"], &mut found);
    found.retain(|(path, _)| !path.contains("/test/") && !path.contains(".test.") && !path.contains("schema.gen"));
    assert!(found.len() > 40, "{} sources", found.len());
    found
}

/// Lines that hold one of the words, outside of comments.
pub fn none_of(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    allowed_only(files, words, &[])
}

/// The same, but for files whose path holds one of `places`.
pub fn allowed_only(files: &[(String, String)], words: &[&str], places: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| !places.iter().any(|place| path.contains(place))) {
        for (n, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") || code.starts_with('*') || code.starts_with("/*") {
                continue;
            }
            let hits = words.iter().filter(|word| code.contains(**word));
            found.extend(hits.map(|word| format!("{path}:{}: `{word}` in {code}", n + 1)));
        }
    }
    found
}

//! Makes a placeholder page when the frontend has not been built, so that the server compiles and its tests run.

fn main() {
    let dist = std::path::Path::new("frontend/dist");
    if !dist.join("index.html").exists() {
        let made = std::fs::create_dir_all(dist).and_then(|()| {
            std::fs::write(dist.join("index.html"), "<!doctype html><title>Entrepot</title>Run: make run")
        });
        if made.is_err() {
            println!("cargo:warning=frontend/dist could not be made");
        }
    }
    println!("cargo:rerun-if-changed=build.rs");
}

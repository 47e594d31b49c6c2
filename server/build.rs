//! A release carries the web client: without it, it is not built.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=PLENARY_WITHOUT_WEB");
    let build = Path::new("../web/build");
    if build.join("index.html").exists() {
        println!("cargo:rerun-if-changed=../web/build");
        return;
    }
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release && std::env::var_os("PLENARY_WITHOUT_WEB").is_none() {
        eprintln!(
            "web/build/index.html is missing: build the web client first (npm ci && npm run build in web/), \
             or set PLENARY_WITHOUT_WEB=1 for a server without a page."
        );
        std::process::exit(1);
    }
}

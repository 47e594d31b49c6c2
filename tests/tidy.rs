//! Lints over the tree itself: the arrows between modules, file lengths, names.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// ARCHITECTURE.md's table, lowest first. A module may use those before it.
const ORDER: &[&str] = &[
    "ids", "limits", "clock", "lib0", "measure", "memory", "protocol", "journal", "review", "body", "access",
    "room", "exchange", "sample", "api",
];
/// Modules that must not know each other although the order would allow it.
const APART: &[(&str, &str)] = &[
    ("journal", "protocol"),
    ("body", "protocol"),
    ("body", "journal"),
    ("review", "journal"),
    ("review", "protocol"),
    ("review", "body"),
    ("access", "protocol"),
    ("access", "body"),
    ("exchange", "protocol"),
    ("exchange", "journal"),
    ("exchange", "body"),
    ("exchange", "access"),
    ("exchange", "room"),
];
/// Lines a source file may have.
const LINES_MAX: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests live in the workspace").to_path_buf()
}

fn files(under: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(under).expect("the folder is readable").map(|e| e.expect("readable").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().to_string();
        if entry.is_dir() {
            if !["node_modules", "target", "build", ".svelte-kit", "out"].contains(&name.as_str()) {
                files(&entry, endings, found);
            }
        } else if endings.iter().any(|e| name.ends_with(e)) {
            found.push(entry);
        }
    }
}

fn rust_sources() -> Vec<PathBuf> {
    let mut found = vec![];
    files(&root().join("server/src"), &[".rs"], &mut found);
    assert!(found.len() > 20, "the walk found the server's sources");
    found
}

#[test]
fn the_bench_has_the_longest_window_that_the_server_has() {
    let bench = fs::read_to_string(root().join("tests/bench/src/main.rs")).expect("the bench's source");
    let longest = format!("\"--commit-window={}\"", plenary::limits::COMMIT_WINDOW_MAX.as_millis());
    assert!(bench.contains(&longest), "{longest}");
}

/// The top-level module of a server file.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("server/src")).expect("a server file");
    inside.iter().next().expect("has a name").to_string_lossy().trim_end_matches(".rs").to_string()
}

/// Modules named by `crate::name` (also inside `use crate::{a, b::c}`) outside of tests.
fn uses(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            let mut fresh = true;
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    c if depth == 0 && fresh && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ => {}
                }
                if !(c.is_alphanumeric() || c == '_' || word.is_empty()) {
                    found.insert(std::mem::take(&mut word));
                    fresh = c == ',' && depth == 0;
                }
            }
            if !word.is_empty() {
                found.insert(word);
            }
        } else {
            found.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found
}

#[test]
fn arrows_between_modules_go_up_the_table_only() {
    let mut wrong = vec![];
    for path in rust_sources() {
        let own = module(&path);
        let Some(place) = ORDER.iter().position(|m| *m == own) else { continue };
        for used in uses(&fs::read_to_string(&path).expect("readable")) {
            let Some(target) = ORDER.iter().position(|m| *m == used) else { continue };
            if target > place || APART.contains(&(own.as_str(), used.as_str())) {
                wrong.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against ARCHITECTURE.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_reading_of_uses_sees_groups_and_paths() {
    let source = "use crate::{ids::{A, B}, journal::Journal, limits};\nfn f() { crate::clock::now() }";
    let found: Vec<_> = uses(source).into_iter().collect();
    assert_eq!(found, ["clock", "ids", "journal", "limits"]);
}

#[test]
fn every_module_stands_in_the_table() {
    let known: BTreeSet<_> = ORDER.iter().copied().chain(["main", "lib"]).collect();
    for path in rust_sources() {
        let own = module(&path);
        assert!(known.contains(own.as_str()), "{own} is not in ARCHITECTURE.md's table");
    }
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("readable");
    for name in ORDER {
        assert!(map.contains(&format!("`{name}`")), "ARCHITECTURE.md does not name {name}");
    }
}

#[test]
fn files_stay_short_and_are_named_for_what_they_do() {
    let mut found = rust_sources();
    files(&root().join("tests"), &[".rs", ".mjs"], &mut found);
    if root().join("web/src").exists() {
        files(&root().join("web/src"), &[".ts", ".svelte"], &mut found);
    }
    let mut wrong = vec![];
    for path in found {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().to_string();
        if ["utils", "util", "helpers", "helper", "misc", "common", "manager"].contains(&name.as_str()) {
            wrong.push(format!("{}: a name that says nothing", path.display()));
        }
        let text = fs::read_to_string(&path).expect("readable");
        let generated =
            text.lines().take(5).any(|line| line.contains("generated") || line.contains("auto-generated"));
        if text.lines().count() > LINES_MAX && !generated {
            wrong.push(format!("{}: {} lines", path.display(), text.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_calls_into_the_c_library_are_unsafe() {
    for path in rust_sources() {
        let text = fs::read_to_string(&path).expect("readable");
        let uses = text.contains("unsafe {") || text.contains("#[unsafe(") || text.contains("unsafe fn");
        let allowed = path.ends_with("journal/sync.rs") || path.ends_with("src/memory.rs");
        assert!(!uses || allowed, "{} holds unsafe code", path.display());
    }
}

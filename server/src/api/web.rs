//! The web client: files built into the server, compressed ahead, and one page for all routes of the client.

use std::path::Path;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{App, Problem};

/// Built into a release; read from the disk by a debug build, so that a page can be worked on.
#[derive(RustEmbed)]
#[folder = "../web/build"]
#[allow_missing = true]
struct Built;

/// The page that every route of the client starts from.
const PAGE: &str = "index.html";

/// Answers what no operation does: a file of the client, a route of the client, or that there is nothing.
pub(super) async fn page(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path.starts_with("/api") || path.starts_with("/sync") {
        return Problem::not_found().into_response();
    }
    let web = app.web.as_deref();
    let headers = request.headers();
    let name = path.trim_start_matches('/');
    if let Some(file) = served(name).and_then(|name| file(web, name, headers)) {
        return file;
    }
    let status = if is_route(path) {
        StatusCode::OK
    } else if path.starts_with("/_app/") || !wants_page(headers) {
        return Problem::not_found().into_response();
    } else {
        StatusCode::NOT_FOUND
    };
    match file(web, PAGE, headers) {
        Some(page) if page.status() == StatusCode::OK => (status, page).into_response(),
        Some(page) => page,
        None => Problem::unavailable(
            "This server was built without its page. Build it: npm ci && npm run build in web/.",
        )
        .into_response(),
    }
}

/// The name under which a path may be served as a file: no way out of the folder, nothing hidden, not the parts that
/// other answers are made of.
fn served(name: &str) -> Option<&str> {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    let bytes = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./@+~".contains(&byte);
    let made_of = name == PAGE || name.ends_with(".br") || name.ends_with(".gz");
    (!made_of && name.bytes().all(bytes) && name.split('/').all(plain)).then_some(name)
}

/// Whether a path is one of the client's routes, as ARCHITECTURE.md lists them.
fn is_route(path: &str) -> bool {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    matches!(
        parts[..],
        [""] | ["join"] | ["reports", _] | ["reports", _, _] | ["reports", _, "meeting", "chair"]
    )
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|it| it.contains("text/html"))
}

/// A file in the best encoding that is there and wanted, or that the client has it already.
fn file(web: Option<&Path>, name: &str, wanted: &HeaderMap) -> Option<Response> {
    let plain = read(web, name)?;
    let tag = format!("\"{}\"", &hex(plain.metadata.sha256_hash()));
    let cache =
        if name.starts_with("_app/immutable/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response =
        if wanted.get(header::IF_NONE_MATCH).is_some_and(|have| have.as_bytes() == tag.as_bytes()) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let kind = HeaderValue::from_str(plain.metadata.mimetype()).ok()?;
            let compressed = encodings(wanted)
                .find_map(|(coding, ending)| Some((coding, read(web, &format!("{name}.{ending}"))?)));
            let (coding, file) = compressed.map_or((None, plain), |(coding, file)| (Some(coding), file));
            let mut response = ([(header::CONTENT_TYPE, kind)], file.data.into_owned()).into_response();
            if let Some(coding) = coding {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            response
        };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).ok()?);
    Some(response)
}

fn read(web: Option<&Path>, name: &str) -> Option<EmbeddedFile> {
    match web {
        Some(folder) => rust_embed::utils::read_file_from_fs(&folder.join(name)).ok(),
        None => Built::get(name),
    }
}

/// The encodings that a client takes, best first, with the ending of the files that hold them.
fn encodings(headers: &HeaderMap) -> impl Iterator<Item = (&'static str, &'static str)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = move |coding: &str| {
        accepted.split(',').any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            name.trim().eq_ignore_ascii_case(coding) && !matches!(weight.trim(), "q=0" | "q=0.0")
        })
    };
    [("br", "br"), ("gzip", "gz")].into_iter().filter(move |(coding, _)| takes(coding))
}

fn hex(bytes: [u8; 32]) -> String {
    bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_files() {
        for good in ["favicon.svg", "_app/immutable/start-abc_1.js", "fonts/a-b.woff2"] {
            assert_eq!(served(good), Some(good));
        }
        for bad in [
            "",
            "index.html",
            "a.js.br",
            "../Cargo.toml",
            "a/../b",
            ".vite/manifest.json",
            "a//b",
            "a%2e",
            "a\0b",
        ] {
            assert_eq!(served(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_clients_routes_are_those_of_the_architecture() {
        for route in
            ["/", "/join", "/reports/x", "/reports/x/y", "/reports/x/register", "/reports/x/meeting/chair"]
        {
            assert!(is_route(route), "{route}");
        }
        for other in ["/reports", "/etc", "/reports/x/y/z", "/reports/x/y/chair", "/join/token"] {
            assert!(!is_route(other), "{other}");
        }
    }

    #[test]
    fn the_best_encoding_comes_first_and_refused_ones_never() {
        let of = |text: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]);
            encodings(&headers).map(|(coding, _)| coding).collect::<Vec<_>>()
        };
        assert_eq!(of("gzip, deflate, br"), ["br", "gzip"]);
        assert_eq!(of("br;q=0, gzip;q=0.5"), ["gzip"]);
        assert_eq!(of("identity"), Vec::<&str>::new());
    }
}

//! Under which address the server is reached, and the headers that keep its pages apart from others.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use url::Url;

use super::App;

/// The address of the server as its users see it.
#[derive(Clone, Debug, Default)]
pub struct Site {
    public: Option<Url>,
}

/// The public URL is not one the server can stand under.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the public URL must be http:// or https:// and a host, without a path: https://plenary.example.org")]
pub struct NotASite;

impl Site {
    /// The site of a public URL; without one the server goes by each request's `Host`.
    pub fn new(public: Option<&str>) -> Result<Self, NotASite> {
        let Some(public) = public else { return Ok(Self::default()) };
        let url = Url::parse(public).map_err(|_| NotASite)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let plain = url.username().is_empty() && url.password().is_none() && url.has_host();
        if matches!(url.scheme(), "http" | "https") && bare && plain {
            Ok(Self { public: Some(url) })
        } else {
            Err(NotASite)
        }
    }

    /// Whether people reach the server by https.
    pub fn secure(&self) -> bool {
        self.public.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The session cookie's name; the prefix makes browsers hold it to this host and to https.
    pub fn cookie(&self) -> &'static str {
        if self.secure() { "__Host-plenary" } else { "plenary" }
    }

    /// Whether an `Origin` header is the server's own.
    pub fn is_own(&self, origin: &str, headers: &HeaderMap) -> bool {
        match &self.public {
            Some(url) => url.origin().ascii_serialization() == origin,
            None => Url::parse(origin).is_ok_and(|url| {
                let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
                url.origin().is_tuple() && host.is_some_and(|host| authority(&url).eq_ignore_ascii_case(host))
            }),
        }
    }

    /// The address of the server as people open it, without a slash at the end; `host` is what they called it.
    pub fn base(&self, host: Option<&str>) -> String {
        match &self.public {
            Some(url) => url.origin().ascii_serialization(),
            None => format!("http://{}", host.unwrap_or("localhost")),
        }
    }

    /// The address of a page of the web client. `path` starts with a slash.
    pub(super) fn link(&self, headers: &HeaderMap, path: &str) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        format!("{}{path}", self.base(host))
    }
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// No script, style, font or connection but the server's own; nobody frames it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// Of public pages: no script at all. (The linked data in their heads is a data block, which nothing runs.)
const PUBLIC_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STRICT: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
];

/// Puts the strict headers on every answer.
pub(super) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (api, public) = (path.starts_with("/api"), path.starts_with("/public/"));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in STRICT {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = if public { PUBLIC_POLICY } else { CONTENT_SECURITY_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if app.site.secure() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(name))])
    }

    #[test]
    fn without_a_public_url_the_host_is_the_own_origin() {
        let site = Site::default();
        assert!(site.is_own("http://localhost:8080", &host("localhost:8080")));
        for foreign in
            ["null", "", "http://localhost", "http://evil.example", "http://localhost:8080.evil.example"]
        {
            assert!(!site.is_own(foreign, &host("localhost:8080")), "{foreign}");
        }
        assert!(!site.is_own("http://localhost:8080", &HeaderMap::new()));
    }

    #[test]
    fn with_a_public_url_only_that_is_the_own_origin() {
        let site = Site::new(Some("https://plenary.example.org/")).unwrap();
        assert!(site.is_own("https://plenary.example.org", &host("10.0.0.7:8080")));
        for foreign in
            ["http://plenary.example.org", "https://plenary.example.org:444", "null", "http://10.0.0.7:8080"]
        {
            assert!(!site.is_own(foreign, &host("10.0.0.7:8080")), "{foreign}");
        }
    }

    #[test]
    fn a_public_url_is_a_bare_address() {
        for bad in [
            "plenary.example.org",
            "ftp://a.example",
            "https://a.example/path",
            "https://u:p@a.example",
            "https://a.example/?x",
        ] {
            assert_eq!(Site::new(Some(bad)).err(), Some(NotASite), "{bad}");
        }
    }

    #[test]
    fn links_stand_under_the_public_url_or_the_host() {
        let site = Site::new(Some("https://plenary.example.org")).unwrap();
        assert_eq!(site.link(&HeaderMap::new(), "/join#t"), "https://plenary.example.org/join#t");
        assert_eq!(Site::default().link(&host("localhost:8080"), "/join#t"), "http://localhost:8080/join#t");
    }
}

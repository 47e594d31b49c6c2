//! Signs of the pages: drawn once at the top of a page, and used by name.

use maud::{Markup, PreEscaped, html};

use crate::review::{Counted, ProgressState};

/// All signs, and the patterns that tell positions apart without colour.
pub(super) const SHEET: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="signs" aria-hidden="true" focusable="false"><defs>"#,
    r#"<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0v6" stroke-width="6"/></pattern>"#,
    r#"<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="dots" cx="1.5" cy="1.5" r="1"/></pattern></defs>"#,
    r#"<symbol id="i-check" viewBox="0 0 24 24"><path d="m5 12.5 4.500 4.500L19 7.500"/></symbol>"#,
    r#"<symbol id="i-half" viewBox="0 0 24 24"><path d="m4 12.500 4 4 7-8M17 13.500v6M14 16.500h6"/></symbol>"#,
    r#"<symbol id="i-x" viewBox="0 0 24 24"><path d="m6 6 12 12M18 6 6 18"/></symbol>"#,
    r#"<symbol id="i-minus" viewBox="0 0 24 24"><path d="M6 12h12"/></symbol>"#,
    r#"<symbol id="i-bar" viewBox="0 0 24 24"><path d="m6 18 12-12"/></symbol>"#,
    r#"<symbol id="i-open" viewBox="0 0 24 24"><circle cx="12" cy="12" r="7" stroke-dasharray="2 3"/></symbol>"#,
    r#"<symbol id="i-wait" viewBox="0 0 24 24"><path d="M7 5h10M7 19h10M8 5c0 4 3 5 4 7-1 2-4 3-4 7M16 5c0 4-3 5-4 7 1 2 4 3 4 7"/></symbol>"#,
    r#"<symbol id="i-flag" viewBox="0 0 24 24"><path d="M6 21V4M6 5h11l-2.500 3.750L17 12.500H6"/></symbol>"#,
    r#"<symbol id="i-link" viewBox="0 0 24 24"><path d="M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1"/></symbol>"#,
    r#"<symbol id="i-download" viewBox="0 0 24 24"><path d="M12 4v11M7.500 11 12 15.500 16.500 11M5 20h14"/></symbol>"#,
    r#"<symbol id="i-rss" viewBox="0 0 24 24"><path d="M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8M5.800 18.200h.01"/></symbol>"#,
    r#"<symbol id="i-st1" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8" stroke-dasharray="2.800 3.480"/></symbol>"#,
    r#"<symbol id="i-st2" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor" stroke="none"/></symbol>"#,
    r#"<symbol id="i-st3" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8" fill="currentColor"/><path class="knocked" d="m8.500 12.200 2.500 2.500 4.600-5" stroke-width="2.200"/></symbol>"#,
    r#"<symbol id="i-st4" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/><path d="m9 9 6 6M15 9l-6 6"/></symbol>"#,
    "</svg>"
));

/// The hall of a plenary, seen from above.
pub(super) const MARK: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg viewBox="0 0 28 22" aria-hidden="true" focusable="false">"#,
    r#"<circle cx="3" cy="18" r="1.150"/><circle cx="3.800" cy="13.800" r="1.150"/><circle cx="6.200" cy="10.200" r="1.150"/><circle cx="9.800" cy="7.800" r="1.150"/><circle cx="14" cy="7" r="1.150"/><circle cx="18.200" cy="7.800" r="1.150"/><circle cx="21.800" cy="10.200" r="1.150"/><circle cx="24.200" cy="13.800" r="1.150"/><circle cx="25" cy="18" r="1.150"/>"#,
    r#"<circle cx="6.400" cy="18" r="1.100"/><circle cx="7.900" cy="13.500" r="1.100"/><circle cx="11.700" cy="10.800" r="1.100"/><circle cx="16.300" cy="10.800" r="1.100"/><circle cx="20.100" cy="13.500" r="1.100"/><circle cx="21.600" cy="18" r="1.100"/>"#,
    r#"<circle cx="9.800" cy="18" r="1.050"/><circle cx="11.900" cy="14.400" r="1.050"/><circle cx="16.100" cy="14.400" r="1.050"/><circle cx="18.200" cy="18" r="1.050"/><rect x="12" y="18.200" width="4" height="2.300" rx=".6" class="desk"/></svg>"#
));

/// A sign by its name.
pub(super) fn sign(name: &str) -> Markup {
    html! { svg aria-hidden="true" focusable="false" { use href={ "#i-" (name) } {} } }
}

/// The class of a position (its colour and pattern), and its sign.
pub(super) const fn of_position(it: Option<Counted>) -> (&'static str, &'static str) {
    match it {
        Some(Counted::Support) => ("ps", "check"),
        Some(Counted::SupportWithChanges) => ("pc", "half"),
        Some(Counted::Object) => ("po", "x"),
        Some(Counted::Abstain) => ("pa", "minus"),
        Some(Counted::NoMandate) => ("pm", "bar"),
        Some(Counted::Waiting | Counted::Lapsed) => ("pw", "wait"),
        None => ("pnone", "open"),
    }
}

/// The sign of how far something has got.
pub(super) const fn of_progress(it: ProgressState) -> &'static str {
    match it {
        ProgressState::NotStarted => "st1",
        ProgressState::UnderWay => "st2",
        ProgressState::Done => "st3",
        ProgressState::Dropped => "st4",
    }
}

//! Fields that check their bound when they are made, so that no record holds a bad one.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::limits;

/// Why a field was not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FieldError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Over its bound.
    #[error("must be at most {max} characters")]
    TooLong {
        /// The bound.
        max: usize,
    },
    /// A list over its bound.
    #[error("may hold at most {max}")]
    TooMany {
        /// The bound.
        max: usize,
    },
    /// Control characters, or characters that turn the reading direction unseen.
    #[error("contains a character that cannot be shown")]
    Unprintable,
    /// Not in the wanted form.
    #[error("{0}")]
    Form(&'static str),
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $check:expr),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl TryFrom<String> for $name {
            type Error = FieldError;
            fn try_from(text: String) -> Result<Self, FieldError> { let check: fn(String) -> Result<String, FieldError> = $check; check(text).map(Self) }
        }
        impl From<$name> for String {
            fn from(field: $name) -> String { field.0 }
        }
    )+};
}

/// Characters no field may hold: controls (but line breaks and tabs in long text) and bidirectional overrides.
fn unprintable(c: char, lines: bool) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}')
        || (c.is_control() && !(lines && matches!(c, '\n' | '\t')))
}

fn line(text: String, max: usize) -> Result<String, FieldError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(text, max, false)
}

fn bounded(text: String, max: usize, lines: bool) -> Result<String, FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::Empty);
    }
    if text.chars().count() > max {
        return Err(FieldError::TooLong { max });
    }
    if text.chars().any(|c| unprintable(c, lines)) {
        return Err(FieldError::Unprintable);
    }
    Ok(text)
}

fn word(text: String) -> Result<String, FieldError> {
    if text.contains(' ') { Err(FieldError::Form("must be one word")) } else { Ok(text) }
}

/// Others follow it: it must lead to a host over http or https.
fn address(text: String) -> Result<String, FieldError> {
    let leads = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let wrong = FieldError::Form("must be an address that starts with https:// or http://");
    if leads && !text.contains(' ') { Ok(text) } else { Err(wrong) }
}

fields! {
    /// A title, one line.
    Title: |t| line(t, limits::TITLE_CHARS_MAX),
    /// A person's or an organization's name, one line.
    Name: |t| line(t, limits::NAME_CHARS_MAX),
    /// An organization's short code, one word.
    Code: |t| line(t, limits::CODE_CHARS_MAX).and_then(word),
    /// A comment, reply, recommendation or rationale; may have several lines.
    Text: |t| bounded(t.replace("\r\n", "\n"), limits::TEXT_CHARS_MAX, true),
    /// A short answer, one line.
    ShortField: |t| line(t, limits::FIELD_CHARS_MAX),
    /// What a recommendation rests on.
    Claim: |t| bounded(t.replace("\r\n", "\n"), limits::CLAIM_CHARS_MAX, true),
    /// Where a claim can be read: words or an address, one line.
    Source: |t| line(t, limits::ADDRESS_CHARS_MAX),
    /// An http(s) address.
    Link: |t| line(t, limits::ADDRESS_CHARS_MAX).and_then(address),
    /// The code of an entry of a reference list, one word.
    TermCode: |t| line(t, limits::TERM_CODE_CHARS_MAX).and_then(word),
    /// A quoted passage.
    Quote: |t| bounded(t, limits::QUOTE_CHARS_MAX, true),
    /// A BCP 47 language tag (letters, digits and hyphens).
    Language: |t| if (2..=35).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') { Ok(t) } else { Err(FieldError::Form("must be a language tag such as en or ru")) },
}

/// A passage of a body: two Yjs relative positions in their JSON form, and the quoted text.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Anchor {
    /// Where it starts (as `Y.relativePositionToJSON` gives).
    #[schema(value_type = Object)]
    pub start: serde_json::Value,
    /// Where it ends.
    #[schema(value_type = Object)]
    pub end: serde_json::Value,
    /// The words it stood on when it was made.
    #[schema(value_type = String)]
    pub quote: Quote,
}

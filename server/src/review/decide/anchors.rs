//! The form of an anchor. Whether it stands on words of the body is for `body` to say.

use serde_json::Value;

use crate::review::{Anchor, FieldError, Refusal, change::whole_numbers};

/// A relative position as JSON: two ids, a short name and a side fit well.
const POSITION_BYTES_MAX: usize = 512;
/// Yjs client ids are below this.
const CLIENT_END: u64 = 1 << 53;
/// Clocks are below this (see `body`).
const CLOCK_END: u64 = 1 << 31;

/// The anchor with its numbers in one form, or the refusal when it is not one.
pub(super) fn checked(anchor: Anchor) -> Result<Anchor, Refusal> {
    let anchor =
        Anchor { start: whole_numbers(anchor.start), end: whole_numbers(anchor.end), quote: anchor.quote };
    if is_position(&anchor.start) && is_position(&anchor.end) {
        Ok(anchor)
    } else {
        Err(Refusal::Field {
            field: "anchor",
            error: FieldError::Form(
                "must have a start and an end that are Yjs relative positions in their JSON form",
            ),
        })
    }
}

/// As `Y.relativePositionToJSON` gives: `type` or `tname` or `item`, and `assoc`.
fn is_position(value: &Value) -> bool {
    let Value::Object(fields) = value else { return false };
    let known = fields.iter().all(|(key, it)| match key.as_str() {
        "item" | "type" => it.is_null() || is_id(it),
        "tname" => it.is_null() || it.is_string(),
        "assoc" => it.is_null() || it.is_i64(),
        _ => false,
    });
    let stands = ["item", "type", "tname"].iter().any(|key| fields.get(*key).is_some_and(|it| !it.is_null()));
    known && stands && value.to_string().len() <= POSITION_BYTES_MAX
}

fn is_id(value: &Value) -> bool {
    let below = |field: &str, end: u64| value.get(field).and_then(Value::as_u64).is_some_and(|it| it < end);
    value.as_object().is_some_and(|it| it.len() == 2)
        && below("client", CLIENT_END)
        && below("clock", CLOCK_END)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::review::Quote;

    #[test]
    fn positions_as_yjs_gives_them_are_taken_and_nothing_else() {
        let id = json!({"client": 5, "clock": 7});
        for good in [
            json!({"item": id, "assoc": 0}),
            json!({"type": id, "tname": null, "item": null, "assoc": -1}),
            json!({"tname": "body", "assoc": 0}),
        ] {
            assert!(is_position(&good), "{good}");
        }
        for bad in [
            json!(null),
            json!("body"),
            json!({}),
            json!({"assoc": 0}),
            json!({"item": null}),
            json!({"item": {"client": 5}}),
            json!({"item": {"client": 1u64 << 53, "clock": 0}}),
            json!({"item": {"client": 5, "clock": 1u64 << 31}}),
            json!({"item": {"client": -5, "clock": 0.5}}),
            json!({"item": id, "note": "more"}),
            json!({"item": id, "assoc": "left"}),
            json!({"tname": "b".repeat(POSITION_BYTES_MAX)}),
        ] {
            assert!(!is_position(&bad), "{bad}");
        }
    }

    #[test]
    fn numbers_are_brought_to_one_form() {
        let position = |n: Value| json!({"item": {"client": n, "clock": 0}});
        let quote = Quote::try_from("words".to_owned()).unwrap();
        let anchor = Anchor { start: position(json!(5.0)), end: position(json!(5)), quote };
        let anchor = checked(anchor).unwrap();
        assert_eq!(anchor.start, anchor.end);
    }
}

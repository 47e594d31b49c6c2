//! Values inside an update: lib0's `Any` (`writeAny`) and JSON text, read with bounds of depth and size.

use serde_json::Value as Json;

use super::Refusal;
use crate::{lib0::Reader, limits::VALUE_DEPTH_MAX};

/// Longest JSON text of one format: a link's address fits in it with every character escaped.
const JSON_BYTES_MAX: usize = 16 * 1024;

/// An `Any`, as far as attributes need it.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Value<'a> {
    /// Null or undefined.
    Null,
    /// Any number that is not a bigint.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// An array.
    List(Vec<Value<'a>>),
    /// Something that no attribute takes.
    Other,
}

/// Reads one `Any`. `items` counts down over the whole update.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    items: &mut usize,
    depth: usize,
) -> Result<Value<'a>, Refusal> {
    if depth > VALUE_DEPTH_MAX {
        return Err(Refusal::Malformed("value nested too deeply"));
    }
    *items = items.checked_sub(1).ok_or(Refusal::Malformed("too many parts in one change"))?;
    Ok(match reader.u8()? {
        127 | 126 => Value::Null,
        125 => Value::Number(reader.var_int()? as f64),
        124 => {
            let bytes = reader.take(4)?;
            Value::Number(f64::from(f32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
        }
        123 => {
            let mut eight = [0; 8];
            eight.copy_from_slice(reader.take(8)?);
            Value::Number(f64::from_be_bytes(eight))
        }
        122 => {
            reader.take(8)?;
            Value::Other
        }
        121 | 120 => Value::Other,
        119 => Value::Text(reader.var_str()?),
        118 => {
            for _ in 0..reader.count()? {
                reader.var_str()?;
                read(reader, items, depth + 1)?;
            }
            Value::Other
        }
        117 => {
            let mut list = Vec::new();
            for _ in 0..reader.count()? {
                list.push(read(reader, items, depth + 1)?);
            }
            Value::List(list)
        }
        116 => {
            reader.var_bytes()?;
            Value::Other
        }
        _ => return Err(Refusal::Malformed("unknown kind of value")),
    })
}

/// Reads the JSON text of a format's value.
pub(super) fn json(text: &str) -> Result<Json, Refusal> {
    match text {
        "null" => return Ok(Json::Null),
        "{}" => return Ok(Json::Object(serde_json::Map::new())),
        _ => {}
    }
    if text.len() > JSON_BYTES_MAX {
        return Err(Refusal::Malformed("format value too large"));
    }
    serde_json::from_str(text).map_err(|_| Refusal::Malformed("format value is not JSON"))
}

//! JSON ↔ the plain values of a Yjs map. Whole numbers are written so that Yjs reads a JavaScript number, never a
//! BigInt, and are read back as integers.

use std::{collections::HashMap, sync::Arc};

use serde_json::{Map, Number, Value};
use yrs::{Any, any};

/// Largest whole number that a JavaScript number holds exactly.
const WHOLE_MAX: i64 = (1 << 53) - 1;

/// A JSON value as Yjs keeps it.
pub(super) fn to_any(value: &Value) -> Any {
    match value {
        Value::Null => Any::Null,
        Value::Bool(it) => Any::Bool(*it),
        Value::Number(it) => Any::Number(match it.as_i64() {
            Some(whole) if whole.abs() <= WHOLE_MAX => any::Number::Int(whole),
            _ => any::Number::Float(it.as_f64().unwrap_or(f64::NAN)),
        }),
        Value::String(it) => Any::String(Arc::from(it.as_str())),
        Value::Array(items) => Any::Array(items.iter().map(to_any).collect()),
        Value::Object(fields) => {
            let fields: HashMap<_, _> = fields.iter().map(|(key, it)| (key.clone(), to_any(it))).collect();
            Any::Map(Arc::new(fields))
        }
    }
}

/// A plain value of Yjs as JSON; `None` for what JSON does not have.
pub(super) fn to_json(value: &Any) -> Option<Value> {
    Some(match value {
        Any::Null | Any::Undefined => Value::Null,
        Any::Bool(it) => Value::Bool(*it),
        Any::Number(it) => match *it {
            any::Number::Int(whole) => Value::Number(whole.into()),
            // Below 2^53 a float without a fraction is a whole number, exactly.
            any::Number::Float(it) if it.fract() == 0.0 && it.abs() <= WHOLE_MAX as f64 => {
                Value::Number((it as i64).into())
            }
            any::Number::Float(it) => Value::Number(Number::from_f64(it)?),
        },
        Any::String(it) => Value::String(it.to_string()),
        Any::Buffer(_) => return None,
        Any::Array(items) => Value::Array(items.iter().map(to_json).collect::<Option<_>>()?),
        Any::Map(fields) => {
            let fields = fields.iter().map(|(key, it)| Some((key.clone(), to_json(it)?)));
            Value::Object(fields.collect::<Option<Map<_, _>>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use yrs::updates::encoder::{Encoder as _, EncoderV1};

    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        let record = json!({"a": null, "b": [1, -2, 0.5, 5_000_000_000i64], "c": {"d": "text", "e": true}});
        assert_eq!(to_json(&to_any(&record)), Some(record));
    }

    #[test]
    fn no_number_becomes_a_bigint_on_the_wire() {
        for number in
            [json!(1), json!(3_000_000_000u64), json!(9_007_199_254_740_991i64), json!(u64::MAX), json!(-1.5)]
        {
            let mut encoder = EncoderV1::new();
            encoder.write_any(&to_any(&number));
            // 122 is lib0's BigInt.
            assert_ne!(encoder.to_vec()[0], 122, "{number}");
        }
    }
}

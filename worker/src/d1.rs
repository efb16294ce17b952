//! [`Database`] over D1. Its numbers are floats, its futures not `Send`, and
//! whatever goes wrong in it means that it is not available.

use std::collections::BTreeMap;

use store::{Database, Pending, Row, Statement, StoreError, Value};
use worker::send::SendFuture;
use worker::wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result};

/// The binding in `wrangler.toml`.
const BINDING: &str = "DB";

/// The database of this Worker.
pub(crate) struct D1(D1Database);

impl D1 {
    /// The database as the environment has it.
    pub(crate) fn of(env: &worker::Env) -> Result<Self, StoreError> {
        env.d1(BINDING).map(Self).map_err(unavailable)
    }

    fn prepare(&self, statement: &Statement) -> Result<D1PreparedStatement, StoreError> {
        let values: Vec<JsValue> = statement.params.iter().map(to_js).collect();
        self.0
            .prepare(statement.sql)
            .bind(&values)
            .map_err(unavailable)
    }
}

impl Database for D1 {
    fn query(&self, statement: Statement) -> Pending<'_, Result<Vec<Row>, StoreError>> {
        Box::pin(SendFuture::new(async move {
            let result = self.prepare(&statement)?.all().await.map_err(unavailable)?;
            rows(&result)
        }))
    }

    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Vec<Row>>, StoreError>> {
        Box::pin(SendFuture::new(async move {
            let prepared: Result<Vec<_>, _> = statements
                .iter()
                .map(|statement| self.prepare(statement))
                .collect();
            let results = self.0.batch(prepared?).await.map_err(unavailable)?;
            results.iter().map(rows).collect()
        }))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and times stay far below 2^53"
)]
fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Real(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => worker::js_sys::Uint8Array::from(bytes.as_slice())
            .buffer()
            .into(),
    }
}

fn rows(result: &D1Result) -> Result<Vec<Row>, StoreError> {
    if let Some(error) = result.error() {
        return Err(StoreError::Unavailable(error));
    }
    let rows: Vec<BTreeMap<String, serde_json::Value>> = result.results().map_err(unavailable)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            row.into_iter()
                .map(|(name, value)| (name, from_json(value)))
                .collect()
        })
        .collect())
}

/// A value as it comes back. D1 has no booleans and no nesting; were there any,
/// the row's reader would find that the column does not hold what it should.
fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => number.as_f64().map_or(Value::Null, Value::Real),
        },
        _ => Value::Null,
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn unavailable(error: worker::Error) -> StoreError {
    // Logged here, for who asks often knows no more to say than "not available".
    worker::console_error!("D1: {error}");
    StoreError::Unavailable(error.to_string())
}

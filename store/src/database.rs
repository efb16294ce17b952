//! The port to SQL: statements go out, rows come in. The Worker implements it
//! over D1, tests over `SQLite` in their own process.

use std::collections::BTreeMap;
use std::pin::Pin;

/// A future a port returns; `Send`, as server functions want it.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A SQL database.
pub trait Database: Send + Sync {
    /// Runs one statement and returns its rows.
    fn query(&self, statement: Statement) -> Pending<'_, Result<Vec<Row>, StoreError>>;

    /// Runs statements in order as one transaction: all of them, or none.
    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Vec<Row>>, StoreError>>;
}

/// SQL and the values of its `?1`, `?2`, …. The text is always a literal of this
/// crate, so no stranger's byte can become part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The SQL.
    pub sql: &'static str,
    /// Values of the placeholders, in order.
    pub params: Vec<Value>,
}

impl Statement {
    /// A statement with the values of its placeholders.
    #[must_use]
    pub fn new(sql: &'static str, params: impl Into<Vec<Value>>) -> Self {
        Self {
            sql,
            params: params.into(),
        }
    }
}

/// One value in SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A whole number; beyond 2^53 it does not survive D1, which has only floats.
    Integer(i64),
    /// A float.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value {
    /// Numbers past `i64` do not occur in our columns; they are kept at its end.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row, by column name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row(BTreeMap<String, Value>);

impl Row {
    /// The text in a column.
    ///
    /// # Errors
    /// [`StoreError::BadRow`] when there is no such column or it holds no text.
    pub fn text(&self, column: &'static str) -> Result<&str, StoreError> {
        self.optional_text(column)?
            .ok_or(StoreError::BadRow(column))
    }

    /// The text in a column that may be `NULL`.
    ///
    /// # Errors
    /// [`StoreError::BadRow`] when there is no such column or it holds something else.
    pub fn optional_text(&self, column: &'static str) -> Result<Option<&str>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::BadRow(column)),
        }
    }

    /// The number in a column that counts something or is a time.
    ///
    /// # Errors
    /// [`StoreError::BadRow`] when there is no such column or it holds something else.
    pub fn number(&self, column: &'static str) -> Result<u64, StoreError> {
        self.optional_number(column)?
            .ok_or(StoreError::BadRow(column))
    }

    /// The number in a column that may be `NULL`.
    ///
    /// # Errors
    /// [`StoreError::BadRow`] when there is no such column or it holds something else.
    pub fn optional_number(&self, column: &'static str) -> Result<Option<u64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => match u64::try_from(*number) {
                Ok(number) => Ok(Some(number)),
                Err(_negative) => Err(StoreError::BadRow(column)),
            },
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::BadRow(column)),
        }
    }
}

impl FromIterator<(String, Value)> for Row {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(columns: I) -> Self {
        Self(columns.into_iter().collect())
    }
}

/// Why a record could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or answered with an error of its own.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// What was to be made is there already.
    #[error("there is one already")]
    Conflict,
    /// A column does not hold what the schema promises.
    #[error("column {0} does not hold what it should")]
    BadRow(&'static str),
}

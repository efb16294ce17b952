//! [`store::Database`] over `SQLite` within the process, with every migration
//! applied in order, as D1 has them.

use std::collections::BTreeSet;
use std::path::Path;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use rusqlite::types::{Value as Sqlite, ValueRef};
use rusqlite::{Connection, params_from_iter};
use store::{Database, Pending, Row, Statement, StoreError, Value};

/// A database in memory.
pub(crate) struct MemoryDatabase {
    connection: Mutex<Connection>,
    /// Every statement that was run, once.
    ran: Mutex<BTreeSet<&'static str>>,
}

impl MemoryDatabase {
    /// An empty database with today's schema.
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("PRAGMA foreign_keys = ON")
            .unwrap();
        for (name, sql) in migrations() {
            connection
                .execute_batch(&sql)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        Self {
            connection: Mutex::new(connection),
            ran: Mutex::default(),
        }
    }

    /// Changes rows behind the back of the code under test.
    #[allow(dead_code, reason = "not every test has something to arrange")]
    pub(crate) fn change(&self, sql: &str, params: impl rusqlite::Params) {
        self.connection
            .lock()
            .unwrap()
            .execute(sql, params)
            .unwrap();
    }

    /// How `SQLite` goes about every statement that was run so far, step by step.
    #[allow(dead_code, reason = "not every test asks how")]
    pub(crate) fn plans(&self) -> Vec<String> {
        let connection = self.connection.lock().unwrap();
        let ran = self.ran.lock().unwrap();
        let explain = |sql: &&str| {
            let mut plan = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            // Without values: how it goes about it does not hang on them.
            let steps = plan.raw_query().mapped(|row| row.get("detail"));
            steps.map(|step| step.unwrap()).collect::<Vec<String>>()
        };
        ran.iter().flat_map(explain).collect()
    }

    /// The one number a statement of a test counts.
    #[allow(dead_code, reason = "each test file uses its part of the support")]
    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.connection
            .lock()
            .unwrap()
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    }
}

impl Database for MemoryDatabase {
    fn query(&self, statement: Statement) -> Pending<'_, Result<Vec<Row>, StoreError>> {
        self.ran.lock().unwrap().insert(statement.sql);
        let rows = run(&self.connection.lock().unwrap(), &statement);
        Box::pin(async { rows })
    }

    fn batch(&self, statements: Vec<Statement>) -> Pending<'_, Result<Vec<Vec<Row>>, StoreError>> {
        let sql = statements.iter().map(|statement| statement.sql);
        self.ran.lock().unwrap().extend(sql);
        let mut connection = self.connection.lock().unwrap();
        let transaction = connection.transaction().unwrap();
        let results: Result<Vec<_>, _> = statements
            .iter()
            .map(|statement| run(&transaction, statement))
            .collect();
        if results.is_ok() {
            transaction.commit().unwrap();
        }
        Box::pin(async { results })
    }
}

/// Every migration file by name, in the order they are applied.
pub(crate) fn migrations() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The value of a future that never waits, as those of [`MemoryDatabase`].
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("an in-process database does not wait"),
    }
}

fn run(connection: &Connection, statement: &Statement) -> Result<Vec<Row>, StoreError> {
    rows(connection, statement).map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn rows(connection: &Connection, statement: &Statement) -> rusqlite::Result<Vec<Row>> {
    let mut prepared = connection.prepare(statement.sql)?;
    let names: Vec<String> = prepared
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut rows = prepared.query(params_from_iter(statement.params.iter().map(to_sqlite)))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let columns = names.iter().enumerate();
        all.push(
            columns
                .map(|(index, name)| Ok((name.clone(), from_sqlite(row.get_ref(index)?))))
                .collect::<rusqlite::Result<Row>>()?,
        );
    }
    Ok(all)
}

fn to_sqlite(value: &Value) -> Sqlite {
    match value {
        Value::Null => Sqlite::Null,
        Value::Integer(number) => Sqlite::Integer(*number),
        Value::Real(number) => Sqlite::Real(*number),
        Value::Text(text) => Sqlite::Text(text.clone()),
        Value::Blob(bytes) => Sqlite::Blob(bytes.clone()),
    }
}

fn from_sqlite(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8(text.to_vec()).unwrap()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

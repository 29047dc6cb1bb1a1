//! Statements whose text is ours and whose preparation is kept.
//!
//! Diesel prepares every UPDATE and every `sql_query` anew, and has no words for a change and its events in one round
//! trip. A [`Statement`] has a text with `$1`, `$2`, … and typed parameters; equal texts share one prepared statement
//! per connection. Texts are few by construction: nothing that a caller sends becomes part of one.

use std::borrow::Cow;
use std::marker::PhantomData;

use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::row::{NamedRow, Row};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Untyped, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

/// One statement with its parameters.
pub(crate) struct Statement<'a> {
    text: Cow<'a, str>,
    parameters: Vec<Box<dyn Parameter + 'a>>,
}

impl<'a> Statement<'a> {
    /// A statement. Parameters must first appear in the text in ascending order.
    pub(crate) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), parameters: Vec::new() }
    }

    /// The statement with its next parameter.
    pub(crate) fn bind<ST, T>(mut self, value: T) -> Self
    where
        Pg: HasSqlType<ST>,
        ST: Send + Sync + 'static,
        T: ToSql<ST, Pg> + Send + Sync + 'a,
    {
        self.parameters.push(Box::new(Typed::<ST, T> { value, sql_type: PhantomData }));
        self
    }

    /// Appends to the text; parameters bound so far keep their numbers.
    pub(crate) fn push(&mut self, text: &str) {
        self.text.to_mut().push_str(text);
    }

    /// Appends a new parameter to the text.
    pub(crate) fn push_bind<ST, T>(&mut self, value: T)
    where
        Pg: HasSqlType<ST>,
        ST: Send + Sync + 'static,
        T: ToSql<ST, Pg> + Send + Sync + 'a,
    {
        let name = self.parameter::<ST, T>(value);
        self.push(&name);
    }

    /// Adds a parameter and returns its name, to be put into the text in the order of the names.
    pub(crate) fn parameter<ST, T>(&mut self, value: T) -> String
    where
        Pg: HasSqlType<ST>,
        ST: Send + Sync + 'static,
        T: ToSql<ST, Pg> + Send + Sync + 'a,
    {
        self.parameters.push(Box::new(Typed::<ST, T> { value, sql_type: PhantomData }));
        format!("${}", self.parameters.len())
    }

    /// Runs the statement and reads every row.
    pub(crate) async fn rows<T: FromRow + Send + 'static>(
        self,
        connection: &mut AsyncPgConnection,
    ) -> QueryResult<Vec<T>> {
        let rows: Vec<Decoded<T>> = self.load(connection).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// The same on a connection that has other statements on their way; they are run in the order in which they were sent.
    pub(crate) async fn rows_of_shared<T: FromRow + Send + 'static>(
        self,
        mut connection: &AsyncPgConnection,
    ) -> QueryResult<Vec<T>> {
        let rows: Vec<Decoded<T>> = self.load(&mut connection).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Runs the statement and reads its first row, if there is one.
    pub(crate) async fn row<T: FromRow + Send + 'static>(
        self,
        connection: &mut AsyncPgConnection,
    ) -> QueryResult<Option<T>> {
        Ok(self.rows(connection).await?.into_iter().next())
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();
    // The text itself is the key to the prepared statement.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl<Connection> diesel::query_dsl::RunQueryDsl<Connection> for Statement<'_> {}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut bound = 0;
        let mut rest = &*self.text;
        // Diesel writes the placeholder when it takes a parameter: so the first mention of each is left to it, and
        // later mentions are text.
        while let Some(at) = rest.find('$') {
            let (before, mention) = rest.split_at(at);
            let digits = mention[1..].bytes().take_while(u8::is_ascii_digit).count();
            let number: usize = mention[1..=digits].parse().unwrap_or(0);
            out.push_sql(before);
            match self.parameters.get(bound) {
                Some(parameter) if number == bound + 1 => {
                    parameter.push(&mut out)?;
                    bound += 1;
                }
                _ => out.push_sql(&mention[..=digits]),
            }
            rest = &mention[digits + 1..];
        }
        out.push_sql(rest);
        debug_assert_eq!(
            bound,
            self.parameters.len(),
            "parameters appear in ascending order: {}",
            self.text
        );
        Ok(())
    }
}

trait Parameter: Send + Sync {
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

struct Typed<ST, T> {
    value: T,
    sql_type: PhantomData<ST>,
}

impl<ST, T> Parameter for Typed<ST, T>
where
    Pg: HasSqlType<ST>,
    ST: Send + Sync,
    T: ToSql<ST, Pg> + Send + Sync,
{
    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_bind_param::<ST, T>(&self.value)
    }
}

/// Something read from the columns of a row, in order.
pub(crate) trait FromRow: Sized {
    /// Reads one row.
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self>;
}

/// The columns of one row, read from left to right.
pub(crate) struct Columns<'r, R> {
    row: &'r R,
    next: usize,
}

impl<R> Columns<'_, R> {
    /// The next column.
    pub(crate) fn next<'a, ST, T>(&mut self) -> deserialize::Result<T>
    where
        R: Row<'a, Pg>,
        T: FromSql<ST, Pg>,
    {
        let at = self.next;
        self.next += 1;
        self.row.get_value::<ST, T, usize>(at)
    }

    /// Leaves columns out.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }
}

struct Decoded<T>(T);

impl<T: FromRow> QueryableByName<Pg> for Decoded<T> {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        T::from_row(&mut Columns { row, next: 0 }).map(Self)
    }
}

impl FromRow for Uuid {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        columns.next::<SqlUuid, _>()
    }
}

impl FromRow for i64 {
    fn from_row<'a>(columns: &mut Columns<'_, impl Row<'a, Pg>>) -> deserialize::Result<Self> {
        columns.next::<BigInt, _>()
    }
}

#[cfg(test)]
mod tests {
    use diesel::debug_query;
    use diesel::sql_types::Text;

    use super::*;

    #[test]
    fn a_parameter_may_be_mentioned_again_and_texts_may_grow() {
        let mut statement = Statement::new("SELECT $1, $2 WHERE $1 <> 'a$b'")
            .bind::<Text, _>("x")
            .bind::<Text, _>("y");
        statement.push(" AND z = ");
        statement.push_bind::<Text, _>("z");
        let shown = debug_query::<Pg, _>(&statement).to_string();
        assert_eq!(
            shown,
            "SELECT $1, $2 WHERE $1 <> 'a$b' AND z = $3 -- binds: [\"x\", \"y\", \"z\"]"
        );
    }
}

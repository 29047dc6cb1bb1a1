//! What the database says about its tables.

use crate::failure::Failure;

/// One row a column, in the order of the tables: table, column, type, element type of an array, whether the type is
/// one of ours, nullable, and the position in the primary key or -1. Partitions are their parent's business.
pub(super) const QUERY: &str = "
SELECT c.relname, a.attname, coalesce(b.typname, t.typname), coalesce(e.typname, ''),
       coalesce(e.typnamespace, b.typnamespace, t.typnamespace) <> 'pg_catalog'::regnamespace,
       NOT a.attnotnull, coalesce(array_position(i.indkey::int2[], a.attnum), -1)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
LEFT JOIN pg_type e ON t.typcategory = 'A' AND e.oid = t.typelem
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
  AND c.relname <> '__diesel_schema_migrations'
ORDER BY c.relname COLLATE \"C\", a.attnum";

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// In the order of the key, which may differ from that of the columns.
    pub(super) primary_key: Vec<String>,
    pub(super) columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The type's name in the database, of the elements if it is an array.
    pub(super) sql_type: String,
    pub(super) array: bool,
    /// Whether the type comes from our migrations or an extension rather than from Postgres.
    pub(super) custom: bool,
    pub(super) nullable: bool,
    key_position: Option<usize>,
}

/// Reads the rows that [`QUERY`] returns.
pub(super) fn tables(rows: &str) -> Result<Vec<Table>, Failure> {
    let mut tables: Vec<Table> = Vec::new();
    for row in rows.lines().filter(|row| !row.is_empty()) {
        let (table, column) = parse(row).ok_or_else(|| {
            Failure::explained(format!("unexpected row from the catalogue: {row}"))
        })?;
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table { name: table, primary_key: Vec::new(), columns: vec![column] }),
        }
    }
    for table in &mut tables {
        table.primary_key = primary_key(&table.columns);
    }
    Ok(tables)
}

fn parse(row: &str) -> Option<(String, Column)> {
    let fields: Vec<&str> = row.split('\t').collect();
    let [table, name, sql_type, element, custom, nullable, position] = fields.as_slice() else {
        return None;
    };
    let array = !element.is_empty();
    let column = Column {
        name: (*name).to_owned(),
        sql_type: (if array { element } else { sql_type }).to_string(),
        array,
        custom: *custom == "t",
        nullable: *nullable == "t",
        key_position: usize::try_from(position.parse::<i32>().ok()?).ok(),
    };
    Some(((*table).to_owned(), column))
}

fn primary_key(columns: &[Column]) -> Vec<String> {
    let mut key: Vec<(usize, &str)> = columns
        .iter()
        .filter_map(|column| Some((column.key_position?, column.name.as_str())))
        .collect();
    key.sort_unstable();
    key.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_tables_with_their_key_in_its_own_order() {
        let rows = "a\tid\tuuid\t\tf\tf\t1\na\tmerchant\tuuid\t\tf\tf\t0\nb\ttags\t_text\ttext\tf\tt\t-1\n";
        let tables = tables(rows).unwrap();

        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].primary_key, ["merchant", "id"]);
        assert!(tables[1].primary_key.is_empty());
        let tags = &tables[1].columns[0];
        assert_eq!((tags.sql_type.as_str(), tags.array, tags.nullable), ("text", true, true));
    }

    #[test]
    fn a_row_of_another_shape_is_refused() {
        assert!(tables("a\tid\tuuid\n").is_err());
    }
}

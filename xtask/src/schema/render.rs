//! The catalogue's tables as Diesel's `table!` blocks.

use std::collections::BTreeSet;

use super::catalog::{Column, Table};

/// What Diesel is compiled for here (feature `32-column-tables`): wider ones would triple its build time.
const WIDEST: usize = 32;

/// Names that Rust keeps for itself and a column may well have.
const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The whole file, before rustfmt.
pub(super) fn file(tables: &[Table]) -> String {
    let (shown, left_out): (Vec<_>, Vec<_>) =
        tables.iter().partition(|table| reason_to_skip(table).is_none());
    let mut parts =
        vec!["//! The tables as the migrations leave them. Written by `cargo xtask schema`, never by hand.".to_owned()];
    parts.extend(left_out.iter().filter_map(|table| {
        let reason = reason_to_skip(table)?;
        Some(format!("// `{}` is left out: {reason}.", table.name))
    }));
    parts.extend(custom_types(&shown));
    parts.extend(shown.iter().map(|table| block(table)));
    if shown.len() > 1 {
        let names: Vec<&str> = shown.iter().map(|table| table.name.as_str()).collect();
        parts.push(format!(
            "diesel::allow_tables_to_appear_in_same_query!(\n{},\n);",
            names.join(",\n")
        ));
    }
    parts.join("\n\n") + "\n"
}

fn reason_to_skip(table: &Table) -> Option<String> {
    if table.columns.len() > WIDEST {
        return Some(format!(
            "{} columns, more than the {WIDEST} that Diesel is built for",
            table.columns.len()
        ));
    }
    table.primary_key.is_empty().then(|| "it has no primary key".to_owned())
}

/// Marker types for what the server does not bring along.
fn custom_types(tables: &[&Table]) -> Option<String> {
    let names: BTreeSet<&str> = tables.iter().flat_map(|table| custom_names(table)).collect();
    let structs: Vec<String> = names
        .iter()
        .map(|name| {
            let marker = camel_case(name);
            format!(
                "#[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]\n\
                 #[diesel(postgres_type(name = \"{name}\"))]\npub struct {marker};"
            )
        })
        .collect();
    (!structs.is_empty())
        .then(|| format!("pub(crate) mod sql_types {{\n{}\n}}", structs.join("\n\n")))
}

fn custom_names(table: &Table) -> impl Iterator<Item = &str> {
    table
        .columns
        .iter()
        .filter(|column| builtin(column).is_none())
        .map(|column| column.sql_type.as_str())
}

/// Diesel's own types in a table's columns. Named one by one, as the lints ask for.
fn builtin_names(table: &Table) -> Vec<&'static str> {
    let names: BTreeSet<&str> = table
        .columns
        .iter()
        .flat_map(|column| {
            [
                column.nullable.then_some("Nullable"),
                column.array.then_some("Array"),
                builtin(column),
            ]
        })
        .flatten()
        .collect();
    names.into_iter().collect()
}

fn block(table: &Table) -> String {
    let mut lines = vec!["diesel::table! {".to_owned()];
    let custom: BTreeSet<String> = custom_names(table).map(camel_case).collect();
    if !custom.is_empty() {
        lines.push(format!("    use diesel::sql_types::{{{}}};", builtin_names(table).join(", ")));
        lines.extend(custom.iter().map(|name| format!("    use super::sql_types::{name};")));
        lines.push(String::new());
    }
    let key: Vec<String> = table.primary_key.iter().map(|name| rust_name(name)).collect();
    lines.push(format!("    {} ({}) {{", table.name, key.join(", ")));
    for column in &table.columns {
        let name = rust_name(&column.name);
        if name != column.name {
            lines.push(format!("        #[sql_name = \"{}\"]", column.name));
        }
        lines.push(format!("        {name} -> {},", diesel_type(column)));
    }
    lines.push("    }\n}".to_owned());
    lines.join("\n")
}

fn rust_name(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Elements of our arrays are never null, so unlike Diesel's own tool we do not wrap them.
fn diesel_type(column: &Column) -> String {
    let mut name = builtin(column).map_or_else(|| camel_case(&column.sql_type), str::to_owned);
    if column.array {
        name = format!("Array<{name}>");
    }
    if column.nullable { format!("Nullable<{name}>") } else { name }
}

fn builtin(column: &Column) -> Option<&'static str> {
    if column.custom && column.sql_type != "citext" {
        return None;
    }
    Some(match column.sql_type.as_str() {
        "bool" => "Bool",
        "bpchar" => "Bpchar",
        "bytea" => "Bytea",
        "citext" => "Citext",
        "date" => "Date",
        "float4" => "Float4",
        "float8" => "Float8",
        "inet" => "Inet",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "interval" => "Interval",
        "json" => "Json",
        "jsonb" => "Jsonb",
        "numeric" => "Numeric",
        "text" => "Text",
        "time" => "Time",
        "timestamp" => "Timestamp",
        "timestamptz" => "Timestamptz",
        "uuid" => "Uuid",
        "varchar" => "Varchar",
        _ => return None,
    })
}

fn camel_case(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::catalog::tables;
    use super::*;

    fn rendered(rows: &str) -> String {
        file(&tables(rows).unwrap())
    }

    #[test]
    fn a_table_names_its_key_and_types() {
        let text = rendered("levels\tid\tuuid\t\tf\tf\t0\nlevels\ttags\t_text\ttext\tf\tt\t-1\n");
        assert!(
            text.contains(
                "    levels (id) {\n        id -> Uuid,\n        tags -> Nullable<Array<Text>>,\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_column_named_like_a_keyword_keeps_its_name_in_the_database() {
        let text = rendered("t\tid\tint8\t\tf\tf\t0\nt\ttype\ttext\t\tf\tf\t-1\n");
        assert!(text.contains("#[sql_name = \"type\"]\n        type_ -> Text,"), "{text}");
    }

    #[test]
    fn a_type_of_our_own_gets_a_marker() {
        let text = rendered("t\tid\twallet_status\t\tt\tf\t0\n");
        assert!(text.contains("pub struct WalletStatus;"), "{text}");
        assert!(text.contains("use super::sql_types::WalletStatus;"), "{text}");
        assert!(text.contains("id -> WalletStatus,"), "{text}");
    }

    fn with_columns(count: usize) -> String {
        let row =
            |number| format!("t\tc{number}\tint4\t\tf\tf\t{}", if number == 0 { 0 } else { -1 });
        rendered(&(0..count).map(row).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn a_table_wider_than_diesel_is_named_but_left_out() {
        let text = with_columns(WIDEST + 1);
        assert!(text.contains("// `t` is left out: 33 columns"), "{text}");
        assert!(!text.contains("table!"), "{text}");
    }

    #[test]
    fn a_table_of_the_full_width_is_shown() {
        assert!(with_columns(WIDEST).contains("diesel::table!"));
    }

    #[test]
    fn a_table_without_a_key_is_named_but_left_out() {
        assert!(
            rendered("loose\tid\tint4\t\tf\tf\t-1\n")
                .contains("`loose` is left out: it has no primary key")
        );
    }
}

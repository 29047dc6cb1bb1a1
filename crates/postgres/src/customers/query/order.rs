//! Orders of lists, each with the index that has it.

use domain::customer::{Sort, SortKey};

use super::filter::{Filter, Table};

/// An order that an index of the list tables has.
#[derive(Clone, Copy, Debug)]
pub(in crate::customers) struct Order {
    /// Where its index is.
    pub(super) table: Table,
    key: Key,
    descending: bool,
}

#[derive(Clone, Copy, Debug)]
enum Key {
    /// Ids need no tie-breaker.
    Id,
    /// The tie-breaker itself.
    CreatedAt,
    Column(&'static str),
    /// A column that may be empty.
    Nullable(&'static str),
    LevelName,
}

/// What is read of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// What the index has.
    Keys,
    /// All that filters may ask for.
    All,
}

/// The name of a row's level in the merchant's first language, as names are compared.
pub(super) fn level_name(row: &str) -> String {
    format!(
        "(SELECT lower(nullif(level.texts #>> ARRAY[merchant.languages[1], 'name'], '') COLLATE \"und-x-icu\") \
         COLLATE \"C\" FROM levels AS level JOIN merchants AS merchant ON merchant.id = level.merchant_id \
         WHERE level.merchant_id = {row}.merchant_id AND level.id = {row}.level_id)"
    )
}

impl Order {
    /// The order of a list; `None` when only the records have it. Lists that are filtered by purchases alone stay in
    /// the table of purchases, which has the order of creation too.
    pub(in crate::customers) fn of(sort: Sort, filters: &[Filter<'_>]) -> Option<Self> {
        use Table::{Figures, List, Updates};
        let bought = !filters.is_empty() && filters.iter().all(|filter| filter.table == Figures);
        let (table, key) = match sort.key {
            SortKey::Number => return None,
            SortKey::Id => (List, Key::Id),
            SortKey::CreatedAt => (if bought { Figures } else { List }, Key::CreatedAt),
            SortKey::UpdatedAt => (Updates, Key::Column("updated_at")),
            SortKey::FirstName => (List, Key::Nullable("first_name")),
            SortKey::LastName => (List, Key::Nullable("last_name")),
            SortKey::Email => (List, Key::Nullable("email")),
            SortKey::Phone => (List, Key::Nullable("phone")),
            SortKey::LoyaltyCard => (List, Key::Nullable("card")),
            SortKey::Gender => (List, Key::Nullable("gender")),
            SortKey::BirthDate => (List, Key::Nullable("birth_date")),
            SortKey::Active => (List, Key::Column("active")),
            SortKey::LevelName => (List, Key::LevelName),
            SortKey::Level => (List, Key::Nullable("level_id")),
            SortKey::ManualLevel => (List, Key::Nullable("manual_level_id")),
            SortKey::PointOfSale => (List, Key::Nullable("pos_id")),
            SortKey::Seller => (List, Key::Nullable("seller_id")),
            SortKey::PurchaseCount => (Figures, Key::Column("purchase_count")),
            SortKey::PurchaseAmount => (Figures, Key::Column("purchase_amount")),
            SortKey::PurchaseAverage => (Figures, Key::Column("purchase_average")),
            SortKey::LastPurchase => (Figures, Key::Nullable("last_purchase_at")),
        };
        Some(Self { table, key, descending: sort.descending })
    }

    /// Reads the first rows in this order off the index. `limit` is a parameter: of a number that it does not know,
    /// PostgreSQL assumes a tenth of all, which makes reading all to sort them the dear way, however many it takes all
    /// for.
    ///
    /// Backwards the index begins with those who have no value. As they belong to the end, they are read on their own
    /// and after the others; the parts of a `UNION ALL` are read one after the other.
    pub(super) fn walk(self, columns: Columns, limit: &str) -> String {
        let (table, direction) = (self.table.name(), self.direction());
        let tie = format!("created_at {direction}, customer_id {direction}");
        let part = |columns: &str, condition: &str, order: &str| {
            format!(
                "SELECT {columns} FROM {table} WHERE merchant_id = $1{condition} ORDER BY {order} LIMIT {limit}"
            )
        };
        match self.key {
            Key::Id => {
                let columns = if columns == Columns::All { "*" } else { "customer_id" };
                part(columns, "", &format!("customer_id {direction}"))
            }
            Key::CreatedAt => part(&columns.and(""), "", &tie),
            Key::Nullable(key) if self.descending => {
                let order = format!("{key} {direction}, {tie}");
                let known = part(&columns.and(key), &format!(" AND {key} IS NOT NULL"), &order);
                let unknown = part(&columns.and(key), &format!(" AND {key} IS NULL"), &order);
                format!("({known}) UNION ALL ({unknown})")
            }
            Key::Column(key) | Key::Nullable(key) => {
                part(&columns.and(key), "", &format!("{key} {direction}, {tie}"))
            }
            Key::LevelName => {
                let columns = columns.and("level_id");
                // Of each level's customers, the counts know; so nobody is looked for in vain.
                let levels = format!(
                    "SELECT level_id FROM (SELECT DISTINCT merchant_id, level_id FROM customer_counts \
                     WHERE merchant_id = $1 AND level_id <> '00000000-0000-0000-0000-000000000000') AS counted \
                     ORDER BY {name} {direction} NULLS LAST, level_id {direction} OFFSET 0",
                    name = level_name("counted"),
                );
                let with = part(&columns, " AND level_id = levels.level_id", &tie);
                let order = format!("level_id {direction}, {tie}");
                let without = part(&columns, " AND level_id IS NULL", &order);
                format!(
                    "(SELECT one.* FROM ({levels}) AS levels CROSS JOIN LATERAL ({with}) AS one) \
                     UNION ALL ({without})"
                )
            }
        }
    }

    /// Whether the search index has what rows are sorted by.
    pub(super) fn is_in_texts(self) -> bool {
        const TEXTS: [&str; 5] = ["first_name", "last_name", "email", "phone", "card"];
        self.table == Table::List
            && match self.key {
                Key::Id | Key::CreatedAt => true,
                Key::Nullable(key) | Key::Column(key) => TEXTS.contains(&key),
                Key::LevelName => false,
            }
    }

    /// What rows of the list tables are sorted by, where they are few: an expression for each column, named `key0`,
    /// `key1` and so on, and the order by those names, by creation and by id.
    pub(super) fn sorting(self) -> (String, String) {
        let (direction, alias) = (self.direction(), self.table.alias());
        let tie = format!("created_at {direction}, customer_id {direction}");
        match self.key {
            Key::Id => (String::new(), format!("customer_id {direction}")),
            Key::CreatedAt => (String::new(), tie),
            Key::Column(key) | Key::Nullable(key) => {
                (format!(", {alias}.{key} AS key0"), format!("key0 {direction} NULLS LAST, {tie}"))
            }
            Key::LevelName => (
                format!(", {} AS key0, {alias}.level_id AS key1", level_name(alias)),
                format!("key0 {direction} NULLS LAST, key1 {direction} NULLS LAST, {tie}"),
            ),
        }
    }

    fn direction(self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }
}

impl Columns {
    fn and(self, key: &str) -> String {
        match self {
            Self::All => "*".to_owned(),
            Self::Keys if key.is_empty() => "customer_id, created_at".to_owned(),
            Self::Keys => format!("customer_id, created_at, {key}"),
        }
    }
}

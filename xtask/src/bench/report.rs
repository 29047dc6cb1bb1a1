//! From single measurements to what can be said: medians of interleaved pairs, in a table.

use crate::failure::Failure;

/// Measures two sides in turns, so that whatever else the machine does meets both.
pub(super) fn interleaved<A, B>(
    pairs: u32,
    mut first: impl FnMut() -> Result<A, Failure>,
    mut second: impl FnMut() -> Result<B, Failure>,
) -> Result<Vec<(A, B)>, Failure> {
    (1..=pairs)
        .map(|pair| {
            println!("measuring, pair {pair} of {pairs}");
            Ok((first()?, second()?))
        })
        .collect()
}

/// The value in the middle; between the two middle ones when their number is even. `None` of nothing.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(values[values.len() / 2 - 1], upper))
}

/// A markdown table, its columns aligned for those who read it as text.
pub(super) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
        cells.chain([headings[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", padded.collect::<String>())
    };
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    let mut text = line(headings.to_vec()) + &format!("|{}|\n", rules.join("|"));
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn the_median_is_the_middle_whatever_the_order() {
        assert_eq!(median([9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median([4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median([]), None);
    }

    #[test]
    fn one_wild_measurement_does_not_move_the_median() {
        assert_eq!(median([1.0, 1.0, 1.0, 1.0, 1e9]), Some(1.0));
    }

    #[test]
    fn both_sides_take_turns() {
        let order = RefCell::new(String::new());
        let note = |side| {
            order.borrow_mut().push(side);
            Ok(())
        };
        interleaved(3, || note('a'), || note('b')).unwrap();
        assert_eq!(*order.borrow(), "ababab");
    }

    #[test]
    fn a_failed_measurement_ends_the_series() {
        let failed = interleaved(3, || Err::<(), _>(Failure::explained("no")), || Ok(()));
        assert!(failed.is_err());
    }

    #[test]
    fn a_table_is_markdown_with_straight_columns() {
        let text = table(&["what", "µs"], &[vec!["x".into(), "1234".into()]]);
        assert_eq!(text, "| what | µs   |\n|------|------|\n| x    | 1234 |\n");
    }
}

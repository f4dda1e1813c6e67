//! Tables that are read in a terminal and as Markdown.

/// Columns with a heading each; the first is words, the others are numbers.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(headings: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { rows: vec![headings.into_iter().map(Into::into).collect()] }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Markdown whose columns stand below each other.
    pub(crate) fn markdown(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
        let width =
            |column| self.rows.iter().map(|row| cell(row, column).chars().count()).max().unwrap_or(0).max(3);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &[String]| {
            let cells = widths.iter().enumerate().map(|(column, &width)| match column {
                0 => format!(" {:<width$} |", cell(row, column)),
                _ => format!(" {:>width$} |", cell(row, column)),
            });
            format!("|{}\n", cells.collect::<String>())
        };
        let rule = widths.iter().enumerate().map(|(column, &width)| match column {
            0 => format!("{}|", "-".repeat(width + 2)),
            _ => format!("{}:|", "-".repeat(width + 1)),
        });
        let rule = format!("|{}\n", rule.collect::<String>());
        let mut lines = self.rows.iter().map(|row| line(row));
        [lines.next().unwrap_or_default(), rule, lines.collect()].concat()
    }
}

/// Three digits that say something: `0.123`, `12.3`, `123`.
pub(crate) fn digits(number: f64) -> String {
    match number.abs() {
        large if large >= 99.95 => format!("{number:.0}"),
        medium if medium >= 9.995 => format!("{number:.1}"),
        small if small >= 0.9995 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new(["work", "ms"]);
        table.row(["größer", "1.2"]);
        table.row(["x", "100.25"]);
        let expected = "| work   |     ms |\n|--------|-------:|\n| größer |    1.2 |\n| x      | 100.25 |\n";
        assert_eq!(table.markdown(), expected);
    }

    #[test]
    fn numbers_have_three_digits() {
        for (number, text) in [
            (0.0, "0.000"),
            (0.12345, "0.123"),
            (0.99999, "1.00"),
            (9.999, "10.0"),
            (99.96, "100"),
            (1234.5, "1234"),
        ] {
            assert_eq!(digits(number), text);
        }
    }
}

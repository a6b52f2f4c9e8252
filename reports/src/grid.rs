//! Text in columns: each as wide as its widest cell, words to the left and numbers to the right.

use std::fmt;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::style::{DIM, Styled};

/// Blank columns between two cells, and before the first.
const GAP: usize = 2;

/// On which side of its column a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// One cell: its text without any colour, and the colour.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub text: String,
    pub style: Style,
}

impl Cell {
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

/// A line of a grid.
#[derive(Debug, Clone)]
enum Line {
    Cells(Vec<Cell>),
    Title(Cell),
    Rule,
}

/// Lines of cells under a head, every line with as many cells as there are columns.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    columns: Vec<Align>,
    lines: Vec<Line>,
}

impl Grid {
    pub fn new(columns: Vec<Align>) -> Self {
        Self {
            columns,
            lines: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.lines.push(Line::Cells(cells));
    }

    /// A line with one text, which may be wider than the first column.
    pub fn title(&mut self, cell: Cell) {
        self.lines.push(Line::Title(cell));
    }

    /// A horizontal line across the whole grid.
    pub fn rule(&mut self) {
        self.lines.push(Line::Rule);
    }

    /// How many columns of a terminal it takes.
    pub fn width(&self) -> usize {
        let widths = self.widths();
        widths.iter().sum::<usize>() + GAP * widths.len()
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.columns.len()];
        for line in &self.lines {
            if let Line::Cells(cells) = line {
                for (width, cell) in widths.iter_mut().zip(cells) {
                    *width = cell.text.width().max(*width);
                }
            }
        }
        widths
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        for line in &self.lines {
            match line {
                Line::Rule => writeln!(f, "{:GAP$}{}", "", Styled(DIM, "─".repeat(total)))?,
                Line::Title(Cell { text, style }) => {
                    writeln!(f, "{:GAP$}{}", "", Styled(*style, text))?;
                }
                Line::Cells(cells) => self.write_cells(f, cells, &widths)?,
            }
        }
        Ok(())
    }
}

impl Grid {
    /// Blanks are held back until a text follows them, so that no line ends in blanks.
    fn write_cells(
        &self,
        f: &mut fmt::Formatter<'_>,
        cells: &[Cell],
        widths: &[usize],
    ) -> fmt::Result {
        let mut blanks = 0;
        for ((cell, align), width) in cells.iter().zip(&self.columns).zip(widths) {
            let spare = width - cell.text.width();
            let (before, after) = match align {
                Align::Left => (0, spare),
                Align::Right => (spare, 0),
            };
            blanks += GAP + before;
            if !cell.text.is_empty() {
                write!(f, "{:blanks$}{}", "", Styled(cell.style, &cell.text))?;
                blanks = 0;
            }
            blanks += after;
        }
        writeln!(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::PLAIN;

    fn line(cells: [&str; 2]) -> Vec<Cell> {
        cells
            .into_iter()
            .map(|text| Cell::new(text, PLAIN))
            .collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_numbers_stand_right() {
        let mut grid = Grid::new(vec![Align::Left, Align::Right]);
        grid.row(line(["name", "n"]));
        grid.rule();
        grid.row(line(["名前", "100"]));
        grid.row(line(["", "1"]));
        let shown = anstream::adapter::strip_str(&grid.to_string()).to_string();
        assert_eq!(
            shown,
            "  name    n\n  ─────────\n  名前  100\n          1\n"
        );
    }

    #[test]
    fn a_line_never_ends_in_blanks() {
        let mut grid = Grid::new(vec![Align::Left, Align::Left]);
        grid.row(line(["a longer name", ""]));
        grid.row(line(["x", ""]));
        assert_eq!(grid.to_string(), "  a longer name\n  x\n");
    }
}

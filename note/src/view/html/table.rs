//! Tables: in a box of their own to scroll in, alignment by class.

use pulldown_cmark::Alignment;

use super::{MAX_DEPTH, Writer};

/// A table being written. Its rows and cells are no depth of their own: half a
/// table would be taken apart by the browser.
pub(super) struct Table {
    pub(super) shown: bool,
    pub(super) in_head: bool,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
}

impl Writer<'_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        let shown = self.shown < MAX_DEPTH;
        self.open("<div class=\"table\"><table>", "</table></div>");
        self.tables.push(Table {
            shown,
            in_head: false,
            alignments,
            column: 0,
        });
    }

    pub(super) fn start_row(&mut self, in_head: bool) {
        if let Some(table) = self.tables.last_mut() {
            table.in_head = in_head;
            table.column = 0;
            if table.shown {
                self.out
                    .push_str(if in_head { "<thead><tr>" } else { "<tr>" });
            }
        }
    }

    pub(super) fn end_row(&mut self, in_head: bool) {
        if self.tables.last().is_some_and(|table| table.shown) {
            self.out.push_str(if in_head {
                "</tr></thead><tbody>"
            } else {
                "</tr>"
            });
        }
    }

    pub(super) fn start_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let alignment = table.alignments.get(table.column).copied();
        table.column += 1;
        if table.shown {
            self.out.push_str(if table.in_head { "<th" } else { "<td" });
            self.out.push_str(match alignment {
                None | Some(Alignment::None) => "",
                Some(Alignment::Left) => " class=\"align-left\"",
                Some(Alignment::Center) => " class=\"align-center\"",
                Some(Alignment::Right) => " class=\"align-right\"",
            });
            self.out.push_str(" dir=\"auto\">");
        }
    }

    pub(super) fn end_cell(&mut self) {
        self.close_raw();
        if let Some(table) = self.tables.last().filter(|table| table.shown) {
            self.out
                .push_str(if table.in_head { "</th>" } else { "</td>" });
        }
    }

    pub(super) fn end_table(&mut self) {
        if self.tables.pop().is_some_and(|table| table.shown) {
            self.out.push_str("</tbody>");
        }
        self.close();
    }
}

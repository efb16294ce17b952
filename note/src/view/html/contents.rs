//! The list of a note's headings.

use super::super::address::{self, ID_PREFIX};
use super::super::contents::Line;
use super::{Writer, escape};

impl Writer<'_> {
    /// Writes the contents of the note.
    pub(super) fn contents(&mut self) {
        self.alone("<nav class=\"toc\" aria-label=\"Contents\">");
        let lines = self.around.contents;
        if !lines.is_empty() {
            self.out.push_str("<ul>");
            lines.iter().for_each(|line| self.line(line));
            self.out.push_str("</ul>");
        }
        self.out.push_str("</nav>");
    }

    fn line(&mut self, line: &Line) {
        if self.out.len() > self.limit {
            return;
        }
        let level = line.level as usize;
        self.out.push_str(&format!(
            "<li class=\"toc-{level}\" dir=\"auto\"><a href=\"#{ID_PREFIX}"
        ));
        address::write(&mut self.out, &line.id);
        self.out.push_str("\">");
        escape(&mut self.out, &line.text);
        self.out.push_str("</a></li>");
    }
}

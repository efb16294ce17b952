//! Which line of the source is which height of the view: pairs that ascend on
//! both sides, and straight lines between them. Pure.

/// Matching places of the two panes.
#[derive(Debug, PartialEq)]
pub(super) struct Places {
    /// (line from zero, pixels from the top), ascending in both; never empty.
    pairs: Vec<(f64, f64)>,
}

impl Places {
    /// Matches the panes at their headings; only at both ends when they disagree
    /// on how many there are.
    pub(super) fn matched(source: &[usize], lines: usize, view: &[f64], height: f64) -> Self {
        let mut pairs = vec![(0.0, 0.0)];
        if source.len() == view.len() {
            for (&line, &top) in source.iter().zip(view) {
                push_ascending(&mut pairs, (line as f64, top));
            }
        }
        push_ascending(&mut pairs, (lines.max(1) as f64, height.max(1.0)));
        Self { pairs }
    }

    /// The height of the view that matches a line.
    pub(super) fn to_view(&self, line: f64) -> f64 {
        between(self.pairs.iter().copied(), line)
    }

    /// The line that matches a height of the view.
    pub(super) fn to_source(&self, top: f64) -> f64 {
        between(self.pairs.iter().map(|&(line, top)| (top, line)), top)
    }
}

fn push_ascending(pairs: &mut Vec<(f64, f64)>, pair: (f64, f64)) {
    if pairs
        .last()
        .is_some_and(|last| pair.0 > last.0 && pair.1 > last.1)
    {
        pairs.push(pair);
    }
}

/// The straight line between the two pairs around `x`.
fn between(pairs: impl Iterator<Item = (f64, f64)>, x: f64) -> f64 {
    let mut before = (0.0, 0.0);
    for (at, value) in pairs {
        if at > x {
            let part = (x - before.0) / (at - before.0);
            return before.1 + part.clamp(0.0, 1.0) * (value - before.1);
        }
        before = (at, value);
    }
    before.1
}

/// The lines, from zero, on which the source has a heading: `#` to `######`
/// outside of fenced code.
pub(super) fn heading_lines(text: &str) -> Vec<usize> {
    let mut fence = None;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start_matches(' ');
        let marks = |mark: char| trimmed.chars().take_while(|&c| c == mark).count();
        match fence {
            Some((mark, length)) => {
                if marks(mark) >= length {
                    fence = None;
                }
            }
            None => {
                if let Some(mark) = ['`', '~'].into_iter().find(|&mark| marks(mark) >= 3) {
                    fence = Some((mark, marks(mark)));
                } else if (1..=6).contains(&marks('#'))
                    && trimmed
                        .trim_start_matches('#')
                        .chars()
                        .next()
                        .is_none_or(char::is_whitespace)
                {
                    lines.push(index);
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_outside_of_fences() {
        let text = "# One\n\n```\n# not\n```\n ## Two\n#no\n~~~~\n~~~\n# not\n~~~~\n###\n";
        assert_eq!(heading_lines(text), [0, 5, 11]);
    }

    #[test]
    fn places_meet_at_headings_and_in_proportion_between() {
        let places = Places::matched(&[10, 20], 40, &[100.0, 400.0], 1000.0);
        for (line, top) in [
            (0.0, 0.0),
            (5.0, 50.0),
            (10.0, 100.0),
            (15.0, 250.0),
            (40.0, 1000.0),
        ] {
            assert_eq!(places.to_view(line), top);
            assert_eq!(places.to_source(top), line);
        }
        assert_eq!(places.to_view(99.0), 1000.0);
    }

    #[test]
    fn panes_that_disagree_on_headings_meet_at_their_ends() {
        let places = Places::matched(&[10], 40, &[100.0, 400.0], 1000.0);
        assert_eq!(places.to_view(20.0), 500.0);
    }
}

//! [ssr] The beginning of a note's source where the editor will be, as the editor will
//! show it: on a phone the program takes seconds to come, and it is the text that somebody
//! came for. The editor takes its place.

use leptos::prelude::*;

/// How each of these lines is set, as `highlighting` in `codemirror/glue.ts` has it.
const HEADINGS: [&str; 6] = ["md-h1", "md-h2", "md-h3", "md-h", "md-h", "md-h"];

/// The first lines.
#[component]
pub fn SourceStart(
    /// The beginning of the source.
    text: String,
) -> impl IntoView {
    (!text.is_empty()).then(|| {
        let mut is_code = false;
        let lines = text.lines().map(|line| {
            let is_fence = line.starts_with("```");
            is_code ^= is_fence;
            let class = (!is_code && !is_fence).then(|| heading(line)).flatten();
            view! { <div><span class=class>{line.to_owned()}</span></div> }
        });
        let lines = lines.collect_view();
        view! { <div class="source-start" id="source-start" aria-hidden="true">{lines}</div> }
    })
}

/// The class of a heading; none of another line.
fn heading(line: &str) -> Option<&'static str> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = line.as_bytes().get(level) == Some(&b' ');
    is_heading
        .then(|| HEADINGS.get(level.checked_sub(1)?).copied())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_set_as_the_editor_sets_them() {
        let classes = ["# A", "## B", "###### F", "####### G", "#tag", "A # b", ""].map(heading);
        let expected = [
            Some("md-h1"),
            Some("md-h2"),
            Some("md-h"),
            None,
            None,
            None,
            None,
        ];
        assert_eq!(classes, expected);
        let html = view! { <SourceStart text="# A\n\n```\n# b\n```\n<i>".to_owned() /> }.to_html();
        assert_eq!(html.matches("md-h1").count(), 1, "{html}");
        assert!(html.contains("&lt;i&gt;"), "{html}");
    }
}

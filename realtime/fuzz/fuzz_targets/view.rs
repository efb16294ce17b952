//! Any text, and any change of it: the view after the change is that of the new text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use note::view::View;

fuzz_target!(|input: (String, u16, u16, String)| {
    let (mut text, from, length, insert) = input;
    let boundary = |at: usize| {
        (0..=at.min(text.len()))
            .rev()
            .find(|&at| text.is_char_boundary(at))
    };
    let from = boundary(usize::from(from)).unwrap_or(0);
    let to = boundary(from + usize::from(length)).unwrap_or(from);
    let mut view = View::new(&text);
    view.replace(from..to, &insert)
        .expect("a range of the text");
    text.replace_range(from..to, &insert);
    assert_eq!(view.html(), View::new(&text).html());
});

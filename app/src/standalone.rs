//! [ssr] A note as one HTML file that stands alone: its view with the styles it is
//! read and printed with, and nothing that is fetched but its pictures.

use leptos::prelude::*;

/// The sheets of the view, as the pages bundle them.
const STYLES: [&str; 4] = [
    include_str!("../style/tokens.css"),
    include_str!("../style/base.css"),
    include_str!("../style/preview.css"),
    include_str!("../style/print.css"),
];

/// Nothing in the file may run, whoever opens it and wherever.
const POLICY: &str = "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'";

/// Renders the file. `html` is a view that the note's object made, `lang` the language
/// that the note says it is in.
pub fn standalone(title: String, lang: Option<String>, html: String) -> impl IntoView {
    let lang = lang.unwrap_or_else(|| "en".to_owned());
    view! {
        <!DOCTYPE html>
        <html lang=lang data-theme="system">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width" />
                <meta name="color-scheme" content="light dark" />
                <meta http-equiv="Content-Security-Policy" content=POLICY />
                <meta name="referrer" content="no-referrer" />
                <title>{title}</title>
                <style inner_html=STYLES.concat()></style>
            </head>
            <body>
                <main class="view-pane">
                    <article class="prose" inner_html=html></article>
                </main>
            </body>
        </html>
    }
}

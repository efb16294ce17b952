//! [ssr] The scripts of a page. One line runs before anything is painted, so that
//! panes stand where they will stay, and says what is fetched: for who reads, the
//! reader's script alone; for who writes, the app too. It stands behind the style
//! sheet and so waits for it: what is large must not share the line with what the
//! first paint needs. The reader's script is small, and asked for at once.
//!
//! `app/reader/wake.ts` is the other end of what it leaves behind as `tandem`.

use leptos::prelude::*;

use super::{HASH, Head, Islands};
use crate::session::Writes;
use crate::{mode, splitter, theme};

/// From this width on both panes fit; `layout.css` has the same number.
const BOTH_FROM_PX: u32 = 1000;

/// The script in the head, if the page has any.
pub(super) fn of_page(head: &Head) -> Option<impl IntoView + use<>> {
    let (islands, reader) = (head.islands, head.reader);
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let folder = format!("/pkg/{HASH}");
    let first = if head.slides {
        Some(of_slides(&folder))
    } else if head.offline {
        Some(of_offline(islands, &folder))
    } else {
        first(islands, reader, &folder)
    }?;
    let preload = reader.then(|| {
        let script = format!("{folder}/reader.js");
        view! { <link rel="modulepreload" href=script nonce=nonce.clone() /> }
    });
    Some(view! {
        {preload}
        <script nonce=nonce>{first}</script>
    })
}

/// Slides have no app, and no reader's script: what keeps them live turns them too.
fn of_slides(folder: &str) -> String {
    format!("{{{BASE}{SLIDES}}}").replace("FOLDER", folder)
}

/// What is kept on a device is nobody's, so the theme is what this browser showed last.
/// A note's page is never only read: the app is what has the text.
fn of_offline(islands: Option<Islands>, folder: &str) -> String {
    let app = app(EDITOR, "");
    let then = match islands {
        None => OFFLINE.to_owned(),
        Some(_) => [&*panes(Writes::Yes), WRITES, &*app, READER, START].concat(),
    };
    format!("{{{BASE}{SHOWN_LAST}{then}}}")
        .replace("THEME", theme::KEPT_AS)
        .replace("FOLDER", folder)
}

fn first(islands: Option<Islands>, reader: bool, folder: &str) -> Option<String> {
    let when_painted = START.replace("tandem.start()", STARTED_WHEN_PAINTED);
    let parts = match (islands, reader) {
        (None, false) => return None,
        (None, true) => [READS, READER].concat(),
        (Some(Islands::Others), _) => [&*app(PANELS.0, PANELS.1), &when_painted].concat(),
        (Some(Islands::Note(writes)), _) => [
            &*panes(writes),
            &*app(EDITOR, ""),
            READER,
            UNLESS_READING,
            &when_painted,
        ]
        .concat(),
    };
    let script = format!("{{{BASE}{parts}}}").replace("THEME", theme::KEPT_AS);
    Some(script.replace("FOLDER", folder))
}

fn app(besides: &str, panels: &str) -> String {
    APP.replace("BESIDES", besides).replace("PANELS", panels)
}

/// What every part below builds on. A page whose scripts do not come is the page
/// as it is without scripts.
const BASE: &str = r#"const root=document.documentElement,parsed=new Promise(done=>document.readyState=="loading"?addEventListener("DOMContentLoaded",done,{once:true}):done()),dead=error=>{console.error(error);for(const name of["scripts","mode","reader"])delete root.dataset[name]};root.dataset.scripts="";"#;

/// Fetches and starts the app, once; after a failure it may be tried again. Who has it
/// has it for good: a service worker opens it without a line.
const APP: &str = r#"globalThis.tandem={start(){return this.app??=this.load().catch(error=>{this.app=void 0;throw error})},async load(){const wasm=fetch("FOLDER/app_bg.wasm");wasm.catch(()=>{});const[app]=await Promise.all([import("FOLDER/app.js"),import("FOLDER/parts.js"),import("FOLDER/line.js"),BESIDESparsed]);await app.default({module_or_path:wasm});this.handover?.();app.hydrate();for(const island of document.querySelectorAll("leptos-island"))await app[island.dataset.component](island);this.keep();PANELS},keep(){try{localStorage.setItem("THEME",root.dataset.theme)}catch{}navigator.serviceWorker?.register("/sw.js").catch(()=>{})}};"#;

/// What a note's page has its app fetch besides.
const EDITOR: &str = r#"import("FOLDER/editor.js"),"#;

/// What every other page has it fetch, where a note's does when it is used (`panels.rs`):
/// asked for at once, and started when the islands live. Without it they live on; a page
/// that is a chat has nothing else.
const PANELS: (&str, &str) = (
    r#"fetch("FOLDER/split_panels.wasm").catch(()=>{}),"#,
    r#"await app.panels().catch(error=>{if(document.querySelector(".chat-page"))throw error;console.error(error)})"#,
);

/// Starts the app. What is pressed before it is alive is done as soon as it is; what a
/// browser does by itself does not wait for it, nor do buttons that a decoration brought;
/// but who leaves does, since the app is what asks them and clears the device.
const START: &str = r#"{let pressed;const early=event=>{const button=event.target.closest?.("button[data-do],button[type=button]:not([popovertarget],[commandfor],[data-decoration] *),[data-leaves] button");if(button){event.preventDefault();event.stopImmediatePropagation();pressed=button;button.setAttribute("aria-busy","true")}};addEventListener("click",early,true);tandem.start().catch(dead).finally(()=>{removeEventListener("click",early,true);pressed?.removeAttribute("aria-busy");setTimeout(()=>pressed?.click())})}"#;

/// The page is all there before its app, which does not share the line with what is painted
/// first. Not so without a line. A tab in the background is not painted, and has its bell
/// all the same.
const STARTED_WHEN_PAINTED: &str = r#"new Promise(done=>{if(document.hidden)return done();document.addEventListener("visibilitychange",done,{once:true});requestAnimationFrame(()=>setTimeout(done))}).then(()=>tandem.start())"#;

const UNLESS_READING: &str = r#"if(!("reader"in root.dataset))"#;

/// There is nothing to do but to read.
const READS: &str = r#"root.dataset.reader="";"#;

const READER: &str = r#"import("FOLDER/reader.js").catch(dead);"#;

const SHOWN_LAST: &str =
    r#"try{root.dataset.theme=localStorage.getItem("THEME")??"system"}catch{}"#;

/// The address of a note that is made here says so once, and by whom (`app/offline/sw.ts`).
const WRITES: &str = r#"delete root.dataset.reader;{const made=new URLSearchParams(location.search).get("made-here");if(made!==null){root.dataset.made=made;history.replaceState(null,"",location.pathname)}}"#;

const OFFLINE: &str = r#"import("FOLDER/offline.js").catch(dead);"#;

const SLIDES: &str = r#"import("FOLDER/slides.js").catch(dead);"#;

/// Chooses the panes: what this browser showed last, or both where they fit; the
/// view for who may not write. Who only sees the view reads.
fn panes(writes: Writes) -> String {
    let (mode, split) = (mode::KEPT_AS, splitter::KEPT_AS);
    let start = match writes {
        Writes::Yes => "both",
        Writes::No | Writes::NoLonger => "view",
    };
    format!(
        r#"root.dataset.mode="{start}";try{{const mode=localStorage.getItem("{mode}"),split=parseFloat(localStorage.getItem("{split}"));if("{start}"=="both"&&/^(edit|both|view)$/.test(mode))root.dataset.mode=mode;if(root.dataset.mode=="both"&&innerWidth<{BOTH_FROM_PX})root.dataset.mode="edit";if(split>=20&&split<=80)root.style.setProperty("--split",split+"%")}}catch{{}}if(root.dataset.mode=="view")root.dataset.reader="";"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands for something else in the scripts above.
    const LEFT_OUT: [&str; 4] = ["FOLDER", "BESIDES", "PANELS", "THEME"];

    #[test]
    fn a_page_that_is_only_read_has_no_app() {
        let script = first(None, true, "/pkg/x").unwrap();
        assert!(script.contains(r#"import("/pkg/x/reader.js")"#));
        assert!(!script.contains("wasm") && !script.contains("app.js"));
        assert!(first(None, false, "/pkg/x").is_none());
    }

    #[test]
    fn slides_have_a_script_of_their_own() {
        let script = of_slides("/pkg/x");
        assert!(script.contains(r#"import("/pkg/x/slides.js").catch(dead)"#));
        assert!(!script.contains("app.js") && !script.contains("reader.js"));
    }

    #[test]
    fn the_page_without_a_line_has_a_script_of_its_own() {
        let script = of_offline(None, "/pkg/x");
        assert!(script.contains(r#"import("/pkg/x/offline.js").catch(dead)"#));
        assert!(script.contains(r#"localStorage.getItem("tandem.theme")"#));
        assert!(!script.contains("app.js") && !script.contains("reader.js"));
        let script = of_offline(Some(Islands::Note(Writes::Yes)), "/pkg/x");
        assert!(script.contains("tandem.start().catch(dead)"));
        assert!(!script.contains("panels"));
        for word in LEFT_OUT {
            assert!(!script.contains(word), "{word}");
        }
    }

    #[test]
    fn who_may_not_write_starts_reading() {
        let script = first(Some(Islands::Note(Writes::No)), true, "/pkg/x").unwrap();
        assert!(script.contains(r#"root.dataset.mode="view";"#));
        assert!(script.contains(r#"if(!("reader"in root.dataset)){let pressed"#));
        assert!(script.contains(r#"serviceWorker?.register("/sw.js")"#));
        assert!(!script.contains("panels"));
        for word in LEFT_OUT {
            assert!(!script.contains(word), "{word}");
        }
    }

    #[test]
    fn a_chat_starts_its_app_without_an_editor() {
        let script = first(Some(Islands::Others), false, "/pkg/x").unwrap();
        assert!(script.contains(".then(()=>tandem.start()).catch(dead)"));
        assert!(!script.contains("editor.js") && !script.contains("reader.js"));
        assert!(script.contains("await app.panels()"));
        for word in LEFT_OUT {
            assert!(!script.contains(word), "{word}");
        }
    }
}

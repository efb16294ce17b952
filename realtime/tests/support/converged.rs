//! What must be so once the network has come to rest.

use note::{ClientId, Document};

use super::Network;

impl Network {
    /// What storage alone would build.
    pub fn stored_text(&self) -> String {
        Document::load(ClientId(9), self.disk.stored.rows.iter().map(Vec::as_slice))
            .unwrap()
            .text()
    }

    /// Every page, the room and the storage hold the same text and view.
    pub fn assert_converged(&self) {
        let text = self.text();
        assert_eq!(self.stored_text(), text, "storage");
        let view = note::view::View::new(&text);
        let living = self.pages.iter().enumerate().filter(|(_, page)| !page.dead);
        for (n, page) in living {
            assert_eq!(page.client.document().text(), text, "document of page {n}");
            assert_eq!(
                page.editor.as_deref(),
                Some(text.as_str()),
                "editor of page {n}"
            );
            let html: Vec<_> = page
                .blocks
                .iter()
                .map(|block| block.html.to_string())
                .collect();
            let whole: Vec<_> = view
                .blocks()
                .iter()
                .map(|block| block.html.to_string())
                .collect();
            assert_eq!(html, whole, "view of page {n}");
            let status = page.status.as_ref().unwrap();
            assert_eq!(status.waiting, 0, "unsaved edits of page {n}");
        }
    }
}

//! Links and images: what may be followed or loaded is; else the words stay.

use pulldown_cmark::{LinkType, Tag};

use super::super::address::{self, ID_PREFIX, Kind};
use super::super::definitions::Target;
use super::{Writer, escape};

/// The longest title that a wiki link may name.
const MAX_TITLE_BYTES: usize = 800;

/// An image whose alternative text is still being gathered.
pub(super) struct Image {
    pub(super) nested: usize,
    pub(super) address: String,
    pub(super) title: String,
    pub(super) alt: String,
}

impl Writer<'_> {
    /// What the whole note says an address is, when the parser answered from
    /// the block alone.
    pub(super) fn resolved(
        &self,
        link_type: LinkType,
        address: &str,
        title: &str,
        label: &str,
    ) -> Target {
        let own = || Target {
            address: address.to_owned(),
            title: title.to_owned(),
        };
        match link_type {
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                (self.target)(label).unwrap_or_else(own)
            }
            LinkType::Email => Target {
                address: format!("mailto:{address}"),
                title: String::new(),
            },
            _ => own(),
        }
    }

    pub(super) fn start_link(
        &mut self,
        link_type: LinkType,
        address: &str,
        title: &str,
        label: &str,
    ) {
        let target = self.resolved(link_type, address, title, label);
        self.links += 1;
        if matches!(link_type, LinkType::WikiLink { .. }) {
            return self.start_wiki_link(address);
        }
        let kind = address::link_kind(&target.address);
        // Browsers take a link within a link apart, so only the outer one is one.
        let Some(kind) = kind.filter(|_| self.links == 1) else {
            return self.open_unshown();
        };
        let mut html = String::from("<a href=\"");
        match target.address.trim_start().strip_prefix('#') {
            Some(place) if kind == Kind::Fragment => {
                html.push('#');
                if !place.starts_with(ID_PREFIX) {
                    html.push_str(ID_PREFIX);
                }
                address::write(&mut html, place);
            }
            _ => address::write(&mut html, &target.address),
        }
        html.push('"');
        if !target.title.is_empty() {
            html.push_str(" title=\"");
            escape(&mut html, &target.title);
            html.push('"');
        }
        if kind == Kind::External {
            html.push_str(" rel=\"noopener nofollow ugc\"");
        }
        html.push('>');
        self.open(&html, "</a>");
    }

    /// A link to a note by its title. Where it leads is found out when somebody
    /// follows it, with what that person may see.
    fn start_wiki_link(&mut self, title: &str) {
        let title = title.trim();
        if self.links > 1 || title.is_empty() || title.len() > MAX_TITLE_BYTES {
            return self.open_unshown();
        }
        let mut html = String::from("<a class=\"wiki\" href=\"/go?title=");
        address::write_value(&mut html, title);
        html.push_str("\">");
        self.open(&html, "</a>");
    }

    pub(super) fn start_image(
        &mut self,
        link_type: LinkType,
        address: &str,
        title: &str,
        label: &str,
    ) {
        let mut target = self.resolved(link_type, address, title, label);
        if matches!(link_type, LinkType::WikiLink { .. }) {
            // The title of a note is no picture.
            target.address.clear();
        }
        self.image = Some(Image {
            nested: 0,
            address: target.address,
            title: target.title,
            alt: String::new(),
        });
    }

    pub(super) fn start_in_image(&mut self, _tag: &Tag<'_>) {
        if let Some(image) = &mut self.image {
            image.nested += 1;
        }
    }

    pub(super) fn end_in_image(&mut self) {
        match self.image.take() {
            Some(mut image) if image.nested > 0 => {
                image.nested -= 1;
                self.image = Some(image);
            }
            Some(image) => self.write_image(&image),
            None => {}
        }
    }

    pub(super) fn write_image(&mut self, image: &Image) {
        if !address::may_load(&image.address) {
            return escape(&mut self.out, &image.alt);
        }
        self.out.push_str("<img src=\"");
        address::write(&mut self.out, &image.address);
        self.out.push_str("\" alt=\"");
        escape(&mut self.out, &image.alt);
        if !image.title.is_empty() {
            self.out.push_str("\" title=\"");
            escape(&mut self.out, &image.title);
        }
        self.out
            .push_str("\" loading=\"lazy\" decoding=\"async\" referrerpolicy=\"no-referrer\">");
    }
}

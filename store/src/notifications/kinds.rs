//! The one table of kinds: a new kind of notification is one line here.

/// A kind of notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The word in records and events.
    pub name: &'static str,
    /// Under which tab it is found.
    pub tab: Tab,
    /// What the settings call it.
    pub setting: &'static str,
    /// What stands between who caused it and the title of where: "Ada … Plans".
    pub sentence: &'static str,
}

/// The tabs of the panel beside "All".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Somebody named me.
    Mentions,
    /// Somebody answered me.
    Comments,
    /// Something was opened to me, or closed.
    Shared,
    /// What the instance itself has to say.
    System,
}

/// Every kind there is.
pub const KINDS: &[Kind] = &[
    kind(
        "mention",
        Tab::Mentions,
        "Somebody mentions me",
        "mentioned you in",
    ),
    kind(
        "reply",
        Tab::Comments,
        "Somebody replies to me",
        "replied to you in",
    ),
    kind(
        "shared",
        Tab::Shared,
        "Somebody shares a note with me",
        "shared with you:",
    ),
    kind(
        "access_asked",
        Tab::Shared,
        "Somebody asks for access to my note",
        "asks for access to",
    ),
    kind(
        "access_granted",
        Tab::Shared,
        "I am given access I asked for",
        "let you into",
    ),
    kind(
        "role_changed",
        Tab::Shared,
        "What I may do with a note changes",
        "changed what you may do with",
    ),
];

impl Kind {
    /// The kind of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }
}

impl Tab {
    /// Every tab, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Mentions, Self::Comments, Self::Shared, Self::System];

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Mentions => "Mentions",
            Self::Comments => "Comments",
            Self::Shared => "Shared",
            Self::System => "System",
        }
    }

    /// The kinds found under it.
    pub fn kinds(self) -> impl Iterator<Item = &'static Kind> {
        KINDS.iter().filter(move |kind| kind.tab == self)
    }
}

const fn kind(name: &'static str, tab: Tab, setting: &'static str, sentence: &'static str) -> Kind {
    Kind {
        name,
        tab,
        setting,
        sentence,
    }
}

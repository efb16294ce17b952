//! What the chip shows, whatever the state behind it.

/// How loud the chip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing to look at.
    Quiet,
    /// Nothing to store, for nothing may be changed.
    Reading,
    /// Something is on its way.
    Busy,
    /// Text is not stored yet.
    Amber,
    /// Something will not be stored by itself.
    Red,
}

impl Tone {
    fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Reading => "reading",
            Self::Busy => "busy",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Quiet => "cloud-check",
            Self::Reading => "eye",
            Self::Busy => "cloud-upload",
            Self::Amber => "cloud-off",
            Self::Red => "circle-alert",
        }
    }
}

/// The button that helps, if one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// None does.
    Nothing,
    /// Connecting at once, and not later by itself.
    TryNow,
    /// What is closed for good another page may open.
    Reload,
}

impl Offer {
    fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::TryNow => "retry",
            Self::Reload => "reload",
        }
    }
}

/// What the chip shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) tone: Tone,
    pub(super) text: String,
    /// A sentence or two, on a click.
    pub(super) detail: String,
    /// When all was stored, if that is what it says.
    pub(super) saved_at: Option<u64>,
    /// What a button does about it.
    pub(super) offers: Offer,
}

impl Chip {
    /// What a chip of this tone mostly is: no time, and a button where something is wrong.
    pub(super) fn new(tone: Tone, text: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
            detail: detail.into(),
            saved_at: None,
            offers: match tone {
                Tone::Quiet | Tone::Reading => Offer::Nothing,
                Tone::Busy | Tone::Amber | Tone::Red => Offer::TryNow,
            },
        }
    }

    /// The same with this button.
    pub(super) fn offering(self, offers: Offer) -> Self {
        Self { offers, ..self }
    }

    /// The classes of its button; the style sheet shows what is offered by them.
    pub(super) fn class(&self) -> String {
        let (tone, offers) = (self.tone.as_str(), self.offers.as_str());
        ["chip chip-", tone, " chip-", offers].concat()
    }
}

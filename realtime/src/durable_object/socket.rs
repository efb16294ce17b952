//! A socket of the runtime and its attachment: what is kept beside it outlives the
//! object's memory. It is written with each frame, so only what changed is encoded anew.

use wasm_bindgen::prelude::*;
use worker::{Result, WebSocket};

use crate::session::{Kept, Progress, SessionId};

/// A socket that was let in.
pub(super) struct Socket {
    socket: WebSocket,
    attached: Option<Attached>,
}

/// What the attachment says, and how the part of it that seldom changes is written.
struct Attached {
    kept: Kept,
    lasting: JsValue,
}

impl Socket {
    /// Takes in a socket under an id.
    pub(super) fn new(id: SessionId, socket: WebSocket) -> Self {
        raw(&socket).set_session(id.0);
        Self {
            socket,
            attached: None,
        }
    }

    /// The same for one that slept, with what was kept of it.
    pub(super) fn woken(socket: WebSocket) -> Option<(Self, Kept)> {
        let (lasting, kept) = read(&socket)?;
        let lasting = JsValue::from_str(&lasting);
        let mut woken = Self::new(kept.id, socket);
        woken.attached = Some(Attached {
            kept: kept.clone(),
            lasting,
        });
        Some((woken, kept))
    }

    /// Keeps a session's state beside it.
    pub(super) fn attach(&mut self, kept: Kept) -> Result<()> {
        match &mut self.attached {
            Some(attached) if kept.differs_in_progress_alone(&attached.kept) => {
                attached.kept.progress = kept.progress;
            }
            attached => {
                let lasting = JsValue::from_str(&serde_json::to_string(&kept)?);
                *attached = Some(Attached { kept, lasting });
            }
        }
        self.write()
    }

    /// Changes what is kept of its progress; unchanged, it is not written again.
    pub(super) fn correct(&mut self, change: impl FnOnce(&mut Progress)) -> Result<()> {
        let Some(attached) = &mut self.attached else {
            return Ok(());
        };
        let before = attached.kept.progress;
        change(&mut attached.kept.progress);
        if attached.kept.progress == before {
            return Ok(());
        }
        self.write()
    }

    fn write(&self) -> Result<()> {
        let Some(Attached { kept, lasting }) = &self.attached else {
            return Ok(());
        };
        let progress = JsValue::from_str(&serde_json::to_string(&kept.progress)?);
        let both = js_sys::Array::of2(lasting, &progress);
        raw(&self.socket).serialize_attachment(&both)?;
        Ok(())
    }

    /// Sends a frame. A socket that is closing refuses; its close event follows, and
    /// what it missed it gets when it comes back.
    pub(super) fn send(&self, frame: &JsValue) {
        drop(raw(&self.socket).send(frame));
    }

    /// What was sent and has not left the runtime.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers of bytes"
    )]
    pub(super) fn unread_bytes(&self) -> usize {
        raw(&self.socket).buffered_amount().unwrap_or(0.0) as usize
    }

    /// Closes it. Until its client answers, the runtime still counts it among the
    /// sockets: without an attachment it is nobody's after a sleep.
    pub(super) fn close(self, code: u16, reason: &str) {
        Self::forget(&self.socket, code, reason);
    }

    /// The same for one that was not taken in.
    pub(super) fn forget(socket: &WebSocket, code: u16, reason: &str) {
        drop(raw(socket).serialize_attachment(&JsValue::NULL));
        // One that has closed already needs no closing.
        drop(socket.close(Some(code), Some(reason)));
    }
}

/// The session that a socket was taken in for, if it was since the object woke.
pub(super) fn session_of(socket: &WebSocket) -> Option<SessionId> {
    raw(socket).session().map(SessionId)
}

/// What is kept beside a socket; nothing beside one that is nobody's.
pub(super) fn attachment(socket: &WebSocket) -> Option<Kept> {
    read(socket).map(|(_, kept)| kept)
}

/// The same, with the part that seldom changes as it is written.
fn read(socket: &WebSocket) -> Option<(String, Kept)> {
    let (lasting, progress): (String, String) = socket.deserialize_attachment().ok().flatten()?;
    let kept: Kept = serde_json::from_str(&lasting).ok()?;
    let progress = serde_json::from_str(&progress).ok()?;
    Some((lasting, Kept { progress, ..kept }))
}

// For what `worker` has no binding.
#[wasm_bindgen]
extern "C" {
    type RawSocket;

    #[wasm_bindgen(method, getter, js_name = bufferedAmount)]
    fn buffered_amount(this: &RawSocket) -> Option<f64>;

    #[wasm_bindgen(method, catch)]
    fn send(this: &RawSocket, frame: &JsValue) -> std::result::Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = serializeAttachment)]
    fn serialize_attachment(this: &RawSocket, kept: &JsValue) -> std::result::Result<(), JsValue>;

    // Ours: as long as the object is awake its sockets are the same objects.
    #[wasm_bindgen(method, getter, structural, js_name = session)]
    fn session(this: &RawSocket) -> Option<u64>;

    #[wasm_bindgen(method, setter, structural, js_name = session)]
    fn set_session(this: &RawSocket, id: u64);
}

fn raw(socket: &WebSocket) -> &RawSocket {
    let socket: &JsValue = AsRef::<web_sys::WebSocket>::as_ref(socket).as_ref();
    socket.unchecked_ref()
}

//! The edge: the URL space, who may do what, D1, cookies, headers.
//!
//! The rules are plain functions on headers and paths, tested natively. What
//! needs the runtime is compiled for it alone and starts at `answer`.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)
)]

pub mod admin;
pub mod archive;
pub mod bearer;
pub mod body;
pub mod cookies;
pub mod crypto;
pub mod device;
pub mod error;
pub mod form;
pub mod guest;
pub mod limits;
pub mod oidc;
pub mod origin;
pub mod passkeys;
pub mod qr;
pub mod router;
pub mod secret;
pub mod security;
pub mod server_sent;
pub mod way_back;

#[cfg(target_arch = "wasm32")]
mod account;
#[cfg(target_arch = "wasm32")]
mod actions;
#[cfg(target_arch = "wasm32")]
mod announcements;
#[cfg(target_arch = "wasm32")]
mod answer;
#[cfg(target_arch = "wasm32")]
mod chats;
#[cfg(target_arch = "wasm32")]
mod claim;
#[cfg(target_arch = "wasm32")]
mod d1;
#[cfg(target_arch = "wasm32")]
mod export;
#[cfg(target_arch = "wasm32")]
mod feeds;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod http_finding;
#[cfg(target_arch = "wasm32")]
mod http_notes;
#[cfg(target_arch = "wasm32")]
mod incoming;
#[cfg(target_arch = "wasm32")]
mod index;
#[cfg(target_arch = "wasm32")]
mod line;
#[cfg(target_arch = "wasm32")]
mod links;
#[cfg(target_arch = "wasm32")]
mod notes;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod published;
#[cfg(target_arch = "wasm32")]
mod rechecks;
#[cfg(target_arch = "wasm32")]
mod rights;
#[cfg(target_arch = "wasm32")]
mod rooms;
#[cfg(target_arch = "wasm32")]
mod settings;
#[cfg(target_arch = "wasm32")]
mod share;
#[cfg(target_arch = "wasm32")]
mod sign_in;
#[cfg(target_arch = "wasm32")]
mod visitor;

#[cfg(target_arch = "wasm32")]
mod events {
    //! What the runtime calls.

    use axum::body::Body;
    use worker::{Context, Env, HttpRequest, ScheduleContext, ScheduledEvent, event};

    realtime::realtime_durable_object!(crate::host::Instance);

    /// Runs once, before the first request.
    #[event(start)]
    fn start() {
        if let Err(error) = any_spawner::Executor::init_wasm_bindgen() {
            worker::console_error!("the executor was there already: {error}");
        }
        app::actions::register_all();
    }

    #[event(fetch)]
    async fn fetch(
        request: HttpRequest,
        env: Env,
        _context: Context,
    ) -> worker::Result<worker::web_sys::Response> {
        crate::answer::sent(crate::answer::answer(request.map(Body::new), env).await).await
    }

    /// Every minute, by the cron trigger in `wrangler.toml`.
    #[event(scheduled)]
    async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
        if let Err(problem) = crate::announcements::end_what_is_due(&env).await {
            worker::console_error!("announcements that are due: {problem:?}");
        }
        if let Err(problem) = crate::notes::purge_trash(&env).await {
            worker::console_error!("the trash: {problem:?}");
        }
        if let Err(problem) = crate::rechecks::tell_due(&env).await {
            worker::console_error!("rooms that are still to be told: {problem:?}");
        }
    }
}

//! A request, with all that is known of it before anything is done: where it is
//! from, who asks, and what may be asked for them.

use std::sync::Arc;

use app::server::{Services, Visitor};
use axum::body::{Body, Bytes, to_bytes};
use http::Method;
use http::request::Parts;
use realtime::ObjectRooms;
use store::Database;
use worker::{Env, ObjectNamespace};

use crate::bearer;
use crate::body;
use crate::d1::D1;
use crate::error::{Problem, wants_html};
use crate::notes::Maker;
use crate::origin::{self, Origin};
use crate::router::{Route, takes_a_browser};
use crate::settings::Settings;
use crate::visitor::{self, Arrival, FirstVisit, TokenCookie};

/// The binding of the rooms in `wrangler.toml`.
const ROOMS: &str = "REALTIME_DURABLE_OBJECT";

/// One request.
pub(crate) struct Incoming {
    pub(crate) parts: Parts,
    body: Body,
    pub(crate) env: Env,
    pub(crate) settings: Arc<Settings>,
    /// Our own origin, as browsers write it.
    pub(crate) origin: String,
    pub(crate) visitor: Visitor,
    /// What the answer does with the browser's token.
    pub(crate) cookie: TokenCookie,
}

impl Incoming {
    /// Takes a request in. A foreign page's attempt ends here.
    pub(crate) async fn new(
        request: http::Request<Body>,
        env: Env,
        settings: Arc<Settings>,
    ) -> Result<Self, Box<(Parts, Problem)>> {
        let (parts, body) = request.into_parts();
        let origin = origin::ours(settings.public_origin.as_deref(), &parts.uri);
        let Arrival { visitor, cookie } = match arrive(&parts, &origin, &env).await {
            Ok(arrival) => arrival,
            Err(problem) => return Err(Box::new((parts, problem))),
        };
        Ok(Self {
            parts,
            body,
            env,
            settings,
            origin,
            visitor,
            cookie,
        })
    }

    /// The rooms.
    pub(crate) fn namespace(&self) -> Result<ObjectNamespace, Problem> {
        namespace(&self.env)
    }

    /// What pages and server functions may ask.
    pub(crate) fn services(&self) -> Result<Services, Problem> {
        let maker = Arc::new(self.maker()?);
        let chats = Arc::clone(&maker);
        let share = Arc::clone(&maker);
        Ok(Services {
            database: Arc::clone(&maker.database),
            rooms: Arc::clone(&maker.rooms),
            now_ms: maker.now_ms,
            notes: maker,
            chats,
            share,
            origin: self.origin.clone(),
        })
    }

    /// What makes notes.
    pub(crate) fn maker(&self) -> Result<Maker, Problem> {
        let database: Arc<dyn Database> = Arc::new(D1::of(&self.env)?);
        Ok(Maker {
            database,
            rooms: Arc::new(ObjectRooms::new(self.namespace()?)),
            env: self.env.clone(),
            host: self
                .parts
                .uri
                .host()
                .unwrap_or_default()
                .to_ascii_lowercase(),
            address: self.header("cf-connecting-ip").map(str::to_owned),
            session: self.visitor.credential.clone(),
            now_ms: worker::Date::now().as_millis(),
            secret: self.settings.secret.clone().map_err(Problem::NotSetUp)?,
            new_note_access: self.settings.new_note_access,
        })
    }

    /// The body, if it is not over a bound.
    pub(crate) async fn body(&mut self, limit: usize) -> Result<Bytes, Problem> {
        let too_large = Problem::TooLarge(self.settings.note_bytes);
        if body::announces_more_than(&self.parts.headers, limit) {
            return Err(too_large);
        }
        let body = std::mem::take(&mut self.body);
        // Reading ends at the bound; a connection that broke reads no answer.
        to_bytes(body, limit).await.map_err(|error| {
            worker::console_log!("a body was not read: {error}");
            too_large
        })
    }

    /// The text of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    }

    /// A value of the query; ours are plain words and numbers, never encoded.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        query(&self.parts, name)
    }
}

/// The rooms of an environment.
pub(crate) fn namespace(env: &Env) -> Result<ObjectNamespace, Problem> {
    env.durable_object(ROOMS)
        .map_err(|error| Problem::Broken(error.to_string()))
}

/// Whether a socket asked for events, and so can be told why it is refused.
pub(crate) fn wants_events(parts: &Parts) -> bool {
    query(parts, "events").is_some_and(|level| matches!(level, "1" | "2"))
}

/// Whether it wants those of a turn packed with the update.
pub(crate) fn wants_packed(parts: &Parts) -> bool {
    query(parts, "events") == Some("2")
}

/// Whether a request wants to become a socket.
pub(crate) fn is_upgrade(parts: &Parts) -> bool {
    let upgrade = parts
        .headers
        .get(http::header::UPGRADE)
        .and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

pub(crate) fn query<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let pairs = parts.uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Finds out who asks. Cookies count for reading, and for more than that only
/// when the request says that it comes from our own page.
async fn arrive(parts: &Parts, ours: &str, env: &Env) -> Result<Arrival, Problem> {
    let headers = &parts.headers;
    let route = Route::find(parts.uri.path());
    if matches!(
        route,
        Some(Route::Health | Route::Offline | Route::OfflineNote)
    ) {
        // One has to answer with the database out; a device keeps the others, whoever uses it.
        return visitor::stranger(headers);
    }
    if bearer::access_token(headers).is_some() && takes_a_browser(parts.uri.path()) {
        let sentence =
            "An access token changes no account. Sign in with a browser, and do it there.";
        return Err(Problem::SignIn(sentence.to_owned()));
    }
    let (database, at) = (D1::of(env)?, worker::Date::now().as_millis());
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD) && !is_upgrade(parts);
    if is_safe {
        let is_page = route.as_ref().is_some_and(Route::is_page);
        // A link gives its right to a browser, so there must be one to give it to.
        let is_link = matches!(route, Some(Route::ShareLink(_)));
        let first = if is_link || (is_page && wants_html(headers)) {
            FirstVisit::GetsAToken
        } else {
            FirstVisit::StaysAStranger
        };
        return visitor::with_cookies(headers, first, &database, at).await;
    }
    // Two headers are no header a browser sends; read as text they would be one.
    let mut stated = headers.get_all(http::header::ORIGIN).iter();
    let header = stated
        .next()
        .map(|value| value.to_str().unwrap_or_default());
    if stated.next().is_some() {
        return Err(Problem::ForeignOrigin);
    }
    match origin::compare(header, ours) {
        Origin::Foreign => Err(Problem::ForeignOrigin),
        // The admin shows a token of the environment, of whatever form.
        _ if matches!(route, Some(Route::Announcements)) => visitor::stranger(headers),
        Origin::Absent => visitor::without_cookies(headers, &database, at).await,
        Origin::Ours => {
            let first = if is_upgrade(parts) {
                FirstVisit::StaysAStranger
            } else {
                FirstVisit::GetsAToken
            };
            visitor::with_cookies(headers, first, &database, at).await
        }
    }
}

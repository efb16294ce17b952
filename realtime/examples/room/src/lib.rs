//! The smallest Worker around `realtime`: chat rooms by key, and a word to everybody.
//! `cargo xtask example && npx wrangler dev --config realtime/examples/room/wrangler.toml`,
//! then open `/chat/tea?name=Ada` and `/chat/tea?name=Ben` on `http://localhost:8787`.
//! `curl -d "Tea is ready." http://localhost:8787/announce` speaks to every room.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use realtime::durable_object::{Host, HostFuture};
use realtime::{Access, Admission, Announcement, FeedState, Key, Notice, Person, Who};
use realtime::{realtime_route, render_realtime_clients};
use uuid::Uuid;
use worker::{Context, D1Database, Date, Env, Method, Request, Response, Result, Url, event};

realtime::realtime_durable_object!(Example);

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let url = request.url()?;
    if request.method() == Method::Post && url.path() == "/announce" {
        return announce(&env, request.text().await?).await;
    }
    // A key is the path of what it is about. Which there are, and who may join them,
    // is decided here, before an object is made or woken.
    let Ok(key @ (Key::Chat(_) | Key::Global)) = url.path().parse() else {
        return Response::error("There is no room here.", 404);
    };
    if request.headers().get("Upgrade")?.as_deref() != Some("websocket") {
        return Response::from_html(include_str!("page.html"));
    }
    let rooms = env.durable_object("REALTIME_DURABLE_OBJECT")?;
    realtime_route(&rooms, &key, &admission(&url)).await
}

/// Who comes in, with what right. A real one looks at a cookie and the origin; this
/// one believes the name in the address.
fn admission(url: &Url) -> Admission {
    let query = |name| url.query_pairs().find(|(key, _)| key == name);
    let name = query("name").map(|(_, name)| name).unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let id = Uuid::from_u64_pair(0, hasher.finish());
    Admission {
        events: true,
        revision: query("revision").and_then(|(_, revision)| revision.parse().ok()),
        ..Admission::new(
            Person::new(id, &name, (id.as_u128() % 8) as u8),
            Access::Edit,
        )
    }
}

/// Server to client: something is written, then whoever looks at it is brought up to
/// date, once for all. The same from a server function, an alarm or a cron trigger.
async fn announce(env: &Env, text: String) -> Result<Response> {
    let now = Date::now().as_millis();
    let id = Uuid::from_u64_pair(now, 0).to_string();
    let write = said(env)
        .await?
        .prepare("INSERT INTO said VALUES (?, ?, ?)");
    let row = [id.into(), text.into(), (now as f64).into()];
    write.bind(&row)?.run().await?;
    let rooms = env.durable_object("REALTIME_DURABLE_OBJECT")?;
    match render_realtime_clients(&rooms, &Key::Global, &Who::All).await {
        Ok(()) => Response::ok("said"),
        Err(refusal) => Response::error(refusal.to_string(), refusal.status()),
    }
}

async fn said(env: &Env) -> Result<D1Database> {
    let database = env.d1("DB")?;
    let made = database.exec("CREATE TABLE IF NOT EXISTS said (id TEXT, text TEXT, at INTEGER)");
    made.await.map(|_| database)
}

async fn newest(env: &Env) -> Result<Option<Announcement>> {
    let read = "SELECT *, NULL AS until FROM said ORDER BY at DESC LIMIT 1";
    said(env).await?.prepare(read).first(None).await
}

/// What the layer asks of its Worker: what is to be said on keys where only the server
/// speaks, and where to keep that somebody was mentioned.
struct Example;

impl Host for Example {
    fn feed(env: &Env, _key: &Key) -> HostFuture<FeedState> {
        let env = env.clone();
        Box::pin(async move {
            let announcement = newest(&env).await.map_err(|error| error.to_string())?;
            Ok(FeedState::Everyone { announcement })
        })
    }

    fn notify(_env: &Env, _mentions: Vec<Notice>) -> HostFuture<()> {
        Box::pin(async { Ok(()) }) // There is nobody's bell here to ring.
    }
}

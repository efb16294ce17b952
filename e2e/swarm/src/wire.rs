//! A socket that is read in short turns.

use std::io::ErrorKind;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result};
use realtime::Key;
use tungstenite::client::IntoClientRequest as _;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const TURN: Duration = Duration::from_millis(20);

/// One end of a socket.
pub(crate) struct Wire(WebSocket<TcpStream>);

/// What came in a turn.
pub(crate) enum Heard {
    Nothing,
    Bytes(Vec<u8>),
    Text(String),
    Closed(u16, String),
}

impl Wire {
    /// Opens the socket of a key, as the page of a person does.
    pub(crate) fn open(
        origin: &str,
        key: &Key,
        revision: Option<u64>,
        cookie: &str,
    ) -> Result<Self> {
        let host = origin
            .strip_prefix("http://")
            .context("an http:// origin")?;
        let since = revision.map(|revision| format!("&revision={revision}"));
        let url = format!("ws://{host}{key}?events=2{}", since.unwrap_or_default());
        let mut request = url.into_client_request()?;
        request
            .headers_mut()
            .insert("origin", HeaderValue::from_str(origin)?);
        request
            .headers_mut()
            .insert("cookie", HeaderValue::from_str(cookie)?);
        let address = host.to_socket_addrs()?.next().context("an address")?;
        let stream = TcpStream::connect_timeout(&address, CONNECT_WITHIN)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(CONNECT_WITHIN))?;
        stream.set_write_timeout(Some(CONNECT_WITHIN))?;
        let (socket, _) = tungstenite::client(request, stream)
            .map_err(|error| anyhow::anyhow!("no upgrade: {error}"))?;
        socket.get_ref().set_read_timeout(Some(TURN))?;
        Ok(Self(socket))
    }

    pub(crate) fn send(&mut self, message: Message) -> bool {
        self.0.send(message).is_ok()
    }

    /// Waits a short turn for a frame.
    pub(crate) fn hear(&mut self) -> Heard {
        match self.0.read() {
            Ok(Message::Binary(bytes)) => Heard::Bytes(bytes.into()),
            Ok(Message::Text(text)) => Heard::Text(text.to_string()),
            Ok(Message::Close(Some(frame))) => {
                Heard::Closed(frame.code.into(), frame.reason.to_string())
            }
            Ok(_) => Heard::Nothing,
            Err(Error::Io(error))
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
            {
                Heard::Nothing
            }
            Err(_) => Heard::Closed(1006, String::new()),
        }
    }
}

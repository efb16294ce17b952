//! `npm start`: the release build, served on this machine with storage on its disk.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, getppid, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::build::{self, Variant};
use crate::layout::Layout;
use crate::process::run_silently;
use crate::progress::Progress;
use crate::setup::npm_program;

/// The port people know; `PORT` changes it.
const PORT: u16 = 8787;

/// How often the server, the signals and the parent are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How long a first answer may take before something must be wrong.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// How long the server may take to end by itself.
const END_WITHIN: Duration = Duration::from_secs(4);

/// How long one question to the server may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Builds, migrates and serves until a signal comes.
pub(crate) fn start(layout: &Layout) -> Result<()> {
    let signalled = Arc::new(AtomicBool::new(false));
    let port = port()?;
    let state =
        std::env::var_os("STATE_DIR").map_or_else(|| layout.at(".wrangler/state"), PathBuf::from);
    // The program starts in the checkout; the folder is meant from where the person is.
    let state = std::path::absolute(state)?;
    assert_free(port)?;

    let mut progress = Progress::new(build::STEPS + 2);
    build::steps(layout, Variant::Release, &mut progress)?;
    progress.step("Preparing the database", || migrate(layout, &state))?;
    // From here on there is something to end in an orderly way.
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&signalled))?;
    }
    let mut server = progress.step("Starting", || {
        let mut server = Server::start(layout, port, &state)?;
        server.wait_until_ready(port, &signalled)?;
        Ok(server)
    })?;
    println!("Tandem is ready on http://127.0.0.1:{port}");
    server.run_until(&signalled)
}

fn port() -> Result<u16> {
    match std::env::var("PORT") {
        Ok(text) => text
            .parse()
            .with_context(|| format!("PORT is `{text}`, which is not a port number")),
        Err(_) => Ok(PORT),
    }
}

/// Says before a long build what would go wrong after it.
fn assert_free(port: u16) -> Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map(drop)
        .with_context(|| {
            format!("port {port} is in use: end what is running there, or set PORT to another")
        })
}

fn migrate(layout: &Layout, state: &Path) -> Result<()> {
    let mut wrangler = npm_program(layout, "wrangler")?;
    wrangler
        .args(["d1", "migrations", "apply", "DB", "--local", "--persist-to"])
        .arg(state);
    run_silently(&mut wrangler).map(drop)
}

/// The secret of this state, made when there is none: links live as long as it.
fn secret(state: &Path) -> Result<String> {
    let file = state.join("instance-secret");
    if let Ok(kept) = std::fs::read_to_string(&file)
        && !kept.trim().is_empty()
    {
        return Ok(kept.trim().to_owned());
    }
    let made = random_secret()?;
    std::fs::create_dir_all(state)?;
    let mut options = std::fs::OpenOptions::new();
    let mut opened = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&file)
        .with_context(|| format!("could not keep the secret in {}", file.display()))?;
    opened.write_all(made.as_bytes())?;
    Ok(made)
}

/// 256 random bits from the operating system, in hex.
pub(crate) fn random_secret() -> Result<String> {
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `wrangler dev` and the processes below it, which outlive it if only it is ended.
struct Server {
    wrangler: Child,
    parent: Option<Pid>,
}

impl Server {
    fn start(layout: &Layout, port: u16, state: &Path) -> Result<Self> {
        let mut wrangler = npm_program(layout, "wrangler")?;
        wrangler
            .args(["dev", "--local", "--ip", "127.0.0.1", "--log-level", "warn"])
            .arg("--show-interactive-dev-session=false")
            .args(["--inspector-port", "0", "--port", &port.to_string()])
            .arg("--persist-to")
            .arg(state)
            .args(["--var", &format!("INSTANCE_SECRET:{}", secret(state)?)])
            .stdin(Stdio::null())
            // A group of its own: it can be ended as a whole, and a Ctrl-C in the
            // terminal reaches only us.
            .process_group(0);
        Ok(Self {
            wrangler: wrangler.spawn().context("could not start wrangler")?,
            parent: getppid(),
        })
    }

    fn wait_until_ready(&mut self, port: u16, signalled: &AtomicBool) -> Result<()> {
        let started = Instant::now();
        while !is_well(port) {
            if started.elapsed() > READY_WITHIN {
                bail!("there was no answer on port {port} within {READY_WITHIN:?}");
            }
            if self.is_over(signalled)? {
                bail!("ended before it was ready");
            }
            sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn run_until(&mut self, signalled: &AtomicBool) -> Result<()> {
        while !self.is_over(signalled)? {
            sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Whether a signal came, or the program that started us is gone without
    /// having sent one. That the server ended by itself is an error.
    fn is_over(&mut self, signalled: &AtomicBool) -> Result<bool> {
        if let Some(status) = self.wrangler.try_wait()? {
            bail!("the server ended with {status}");
        }
        Ok(signalled.load(Ordering::Relaxed) || getppid() != self.parent)
    }

    fn signal(&self, signal: Signal) {
        // An error says that nobody is left in the group, which is what is wanted.
        kill_process_group(Pid::from_child(&self.wrangler), signal).unwrap_or_default();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < END_WITHIN && matches!(self.wrangler.try_wait(), Ok(None)) {
            sleep(LOOK_EVERY);
        }
        self.signal(Signal::KILL);
    }
}

/// Asks the Worker itself, through the path a person would use.
fn is_well(port: u16) -> bool {
    let ask = || -> std::io::Result<Vec<u8>> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        write!(
            stream,
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
}

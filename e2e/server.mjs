// Serves a built Worker for tests and benches: on a free port, with a storage
// folder of its own, to be killed and started again at will. It knows nothing of
// what the Worker does but a path that answers when all is well.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { portsOf, processes } from './processes.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
// The packaged Node where there is one: wrangler refuses to run on an older one.
const PACKAGED_NODE = join(ROOT, 'node_modules/.bin/node');
const NODE = existsSync(PACKAGED_NODE) ? PACKAGED_NODE : process.execPath;
// As random as the one `npm start` makes; the same in each run, so that links are.
const SECRET = 'kV3pXq9ZrT7mWc2LhN8sYb4Gf6Jd1AeU';
const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 20;

// What `cargo xtask build`, `cargo xtask build --dev` and `cargo xtask example` write.
const BUILDS = {
  release: { served: ['worker/build/index.js', '--assets', 'target/site'], well: '/healthz' },
  dev: { served: ['target/dev/worker/index.js', '--assets', 'target/dev/site'], well: '/healthz' },
  example: { served: ['--config', 'realtime/examples/room/wrangler.toml'], well: '/global' },
};

const ENVIRONMENT = {
  ...process.env,
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // As `npm start` has it (`xtask/src/setup.rs` says why).
  X_LOCAL_OBSERVABILITY: 'false',
  X_LOCAL_EXPLORER: 'false',
};

/** Servers that still run, ended with this process whatever happens. */
const running = new Set();
process.on('exit', () => running.forEach((server) => server.signal('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(1));
}

/**
 * Starts a server on a fresh copy of a migrated, empty storage; `state` is a folder for
 * it that is there. A build is one of the names above, or what wrangler is to serve and
 * the path that answers when all is well.
 * @param {{ build?: string | object, vars?: object, state?: string }} [wanted]
 */
export async function startServer({ build = process.env.TANDEM_BUILD ?? 'dev', vars = {}, state: kept } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-'));
  const state = kept ?? join(folder, 'state');
  await cp(await migratedState(), state, { recursive: true });
  const server = new Server({ build, vars, folder, state, port: await freePort() });
  await server.start();
  return server;
}

/** One `wrangler dev` and the workerd processes below it. */
export class Server {
  #settings;
  #wrangler = null;

  constructor(settings) {
    this.#settings = settings;
    this.origin = `http://127.0.0.1:${settings.port}`;
    this.socketOrigin = `ws://127.0.0.1:${settings.port}`;
    this.log = join(settings.folder, 'server.log');
    this.state = settings.state;
  }

  async start() {
    const { build, vars, state, port } = this.#settings;
    const { served } = BUILDS[build] ?? build;
    const settings = Object.entries({ INSTANCE_SECRET: SECRET, ...vars }).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
    const wrangler = spawn(
      NODE,
      [WRANGLER, 'dev', ...served, '--local', '--ip', '127.0.0.1',
        '--port', `${port}`, '--inspector-port', '0', '--persist-to', state,
        '--log-level', 'warn', '--show-interactive-dev-session=false', ...settings],
      // A process group of its own: workerd outlives a wrangler that is ended alone.
      { cwd: ROOT, env: ENVIRONMENT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(this.log, { flags: 'a' });
    wrangler.stdout.pipe(log, { end: false });
    wrangler.stderr.pipe(log, { end: false });
    this.#wrangler = wrangler;
    running.add(this);
    await this.untilWell();
  }

  /** Waits until it serves. */
  async untilWell() {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isWell())) {
      if (this.#wrangler.exitCode !== null || Date.now() > deadline) {
        this.signal('SIGKILL');
        throw new Error(`the server did not start:\n${await this.logged()}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  /** What is started next: the name of a build, or what serves another one. */
  deploy(build) {
    this.#settings.build = build;
  }

  /** Ends all its processes at once, as a loss of power would. */
  async kill() {
    const { port } = this.#settings;
    this.signal('SIGKILL');
    await this.#ended();
    running.delete(this);
    // The port is free again when the last process is gone.
    while (!(await isFree(port))) {
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Kills the workerd that runs the Worker; wrangler notices and starts another. Linux only. */
  async killRuntime() {
    process.kill(await this.runtime(), 'SIGKILL');
  }

  /** The process that runs the Worker. Linux only. */
  async runtime() {
    for (const { pid, name } of await processes(this.group)) {
      // The other one is wrangler's own, in front of it.
      if (name === 'workerd' && !(await portsOf(pid)).includes(this.#settings.port)) return pid;
    }
    throw new Error('no workerd runs the Worker');
  }

  /** Where the Worker's own process serves it, without wrangler's in front; known by what it says. Linux only. */
  async direct({ well, says }) {
    for (const port of await portsOf(await this.runtime())) {
      const origin = `http://127.0.0.1:${port}`;
      const answer = await fetch(`${origin}${well}`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
      if (answer?.ok && (await answer.text()).includes(says)) return { origin, socketOrigin: `ws://127.0.0.1:${port}` };
    }
    throw new Error(`no workerd behind ${this.origin}`);
  }

  /** Ends it in an orderly way and forgets its storage. */
  async stop() {
    this.signal('SIGTERM');
    await Promise.race([this.#ended(), pause(END_WITHIN_MS)]);
    this.signal('SIGKILL');
    await this.#ended();
    running.delete(this);
    await rm(this.#settings.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The process group that all its processes are in. */
  get group() {
    return this.#wrangler.pid;
  }

  /** What the server wrote so far. */
  async logged() {
    return readFile(this.log, 'utf8').catch(() => '');
  }

  signal(name) {
    try {
      process.kill(-this.#wrangler.pid, name);
    } catch (error) {
      // Nobody is left in the group, which is what is wanted.
      if (error.code !== 'ESRCH') throw error;
    }
  }

  async #ended() {
    if (this.#wrangler.exitCode === null && this.#wrangler.signalCode === null) {
      await once(this.#wrangler, 'exit');
    }
  }

  async #isWell() {
    const { build } = this.#settings;
    const { well } = BUILDS[build] ?? build;
    try {
      const answer = await fetch(`${this.origin}${well}`, { signal: AbortSignal.timeout(2_000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }
}

/** A storage folder with the tables in it, made once for each set of migrations. */
async function migratedState() {
  const hash = createHash('sha256');
  const folder = join(ROOT, 'migrations');
  for (const name of (await readdir(folder)).sort()) {
    hash.update(name).update(await readFile(join(folder, name)));
  }
  const made = join(ROOT, 'target/e2e', `state-${hash.digest('hex').slice(0, 16)}`);
  const isThere = await readdir(made).then(() => true, () => false);
  if (isThere) return made;
  const parent = join(ROOT, 'target/e2e');
  await mkdir(parent, { recursive: true });
  const unfinished = await mkdtemp(join(parent, 'unfinished-'));
  const wrangler = spawn(
    NODE,
    [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', unfinished],
    { cwd: ROOT, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [wrangler.stdout, wrangler.stderr]) {
    stream.on('data', (chunk) => { said += chunk; });
  }
  const [code] = await once(wrangler, 'close');
  if (code !== 0) throw new Error(`the migrations failed:\n${said}`);
  // Another run may have been faster: then its folder is as good.
  await rename(unfinished, made).catch(() => rm(unfinished, { recursive: true }));
  return made;
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

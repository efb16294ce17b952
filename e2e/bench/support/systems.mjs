// Tandem and what it is compared with, behind one face: start it, give it a note, open
// a co-editor's end, send an update, know an update when it comes. What cannot be
// installed or started is left out, and says why.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as encoding from 'lib0/encoding';

import { freePort, startServer } from '../../server.mjs';
import { makeNote } from '../../wire/notes.mjs';
import { BUILD } from './figures.mjs';
import { NOTHING, carried, update } from './frames.mjs';
import { Line } from './line.mjs';
import { processes, processorMs } from '../../processes.mjs';
import { history, wear } from './worn.mjs';

const FOLDER = fileURLToPath(new URL('../baselines', import.meta.url));
const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;
const GREETED_AFTER_MS = 300;

/** What holds for those that speak the Yjs protocol and know nothing else. */
class System {
  notes = 0;
  /** Who brought a note's text. Some forget it when the last one leaves. */
  #seeds = new Map();

  constructor(name) {
    this.name = name;
  }

  /** A worn note of about so many bytes. */
  async note(bytes) {
    this.notes += 1;
    const id = `note-${this.notes}`;
    const line = await this.open(id);
    line.send(this.wrapped(id, history(bytes).state));
    await pause(GREETED_AFTER_MS);
    this.#seeds.set(id, line);
    return id;
  }

  /** To be called when others have the note open. */
  handedOver(id) {
    this.#seeds.get(id)?.end();
    this.#seeds.delete(id);
  }

  /** A co-editor's end, in step with the server. */
  async open(id) {
    return Line.open(this.address(id));
  }

  /** The frame that carries an update. */
  wrapped(_id, bytes) {
    return update(bytes);
  }

  /** The update in a frame that came, or null. */
  update(_id, payload) {
    const found = carried(payload);
    return found && !found.isAnswer ? found.bytes : null;
  }

  processorMs() {
    return processorMs(this.pids);
  }
}

/** Those that run in workerd. */
class Worker extends System {
  async start(settings) {
    this.server = await startServer(settings);
    Object.assign(this, { pids: [], origin: this.server.origin, socketOrigin: this.server.socketOrigin });
    // Elsewhere than on Linux nothing is known of processes.
    if ((await processes(this.server.group)).length === 0) return;
    // wrangler puts a workerd of its own in front of ours. Cost and time are those of
    // ours alone, so the ends are opened there.
    Object.assign(this, { pids: [await this.server.runtime()], ...await this.server.direct(this) });
  }

  async stop() {
    await this.server.stop();
  }
}

class Tandem extends Worker {
  well = '/healthz';
  says = '"status"';

  constructor() {
    super('Tandem');
  }

  async start(vars = {}) {
    await super.start({ build: BUILD, vars: { MESSAGE_BURST: '100000', MESSAGES_A_SECOND: '100000', ...vars } });
  }

  async note(bytes) {
    const { id } = await makeNote(this);
    await wear(this, id, bytes);
    return id;
  }

  address(id) {
    return `${this.socketOrigin}/note/${id}?events=2`;
  }

  async open(id) {
    const line = await super.open(id);
    line.send(NOTHING);
    return line;
  }
}

class Baseline extends Worker {
  well = '/';
  says = 'well';

  constructor(name, folder, path) {
    super(name);
    this.folder = folder;
    this.path = path;
  }

  async start() {
    const config = `e2e/bench/baselines/${this.folder}/wrangler.toml`;
    await super.start({ build: { served: ['--config', config], well: '/' } });
  }

  address(id) {
    return `${this.socketOrigin}${this.path}${id}`;
  }
}

/** Those that run in Node. */
class Program extends System {
  constructor(name, file) {
    super(name);
    this.file = file;
  }

  async start() {
    const port = await freePort();
    this.process = spawn(process.execPath, [join(FOLDER, this.file), `${port}`], {
      env: { ...process.env, PORT: `${port}`, HOST: '127.0.0.1' }, stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.once('exit', () => this.process.kill('SIGKILL'));
    this.pids = existsSync('/proc') ? [this.process.pid] : [];
    this.socketOrigin = `ws://127.0.0.1:${port}`;
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.ok, () => false))) {
      if (this.process.exitCode !== null || Date.now() > deadline) throw new Error(`${this.name} did not start`);
      await pause(LOOK_EVERY_MS);
    }
  }

  async stop() {
    this.process.kill('SIGKILL');
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
  }

  address(id) {
    return `${this.socketOrigin}/${id}`;
  }
}

const HOCUSPOCUS_AUTH = 2;

/** Its frames begin with the document's name, and it wants to be greeted. */
class Hocuspocus extends Program {
  constructor() {
    super('Hocuspocus', 'hocuspocus.mjs');
  }

  async open(id) {
    const line = await super.open(id);
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, id);
    encoding.writeVarUint(encoder, HOCUSPOCUS_AUTH);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, '');
    line.send(encoding.toUint8Array(encoder));
    await line.until(() => line.binary.frames > 0, 'Hocuspocus to let somebody in');
    return line;
  }

  wrapped(id, bytes) {
    return Buffer.concat([named(id), update(bytes)]);
  }

  update(id, payload) {
    const found = carried(payload, named(id).length);
    return found && !found.isAnswer ? found.bytes : null;
  }
}

function named(id) {
  return Buffer.from([id.length, ...Buffer.from(id)]);
}

const isInstalled = existsSync(join(FOLDER, 'node_modules'));

const MAKERS = {
  tandem: () => new Tandem(),
  relay: () => new Baseline('bare relay', 'relay', '/'),
  sleeper: () => new Baseline('relay that can sleep', 'relay', '/sleeping/'),
  party: () => new Baseline('y-partyserver', 'party', '/parties/party/'),
  naive: () => new Baseline('naive', 'naive', '/note/'),
  websocket: () => new Program('y-websocket', 'node_modules/y-websocket-server/bin/server.js'),
  hocuspocus: () => new Hocuspocus(),
};
/** Those that need nothing but what the repository has anyway. */
const NEEDS_NOTHING = ['tandem', 'relay', 'sleeper'];

/** Starts systems by their short names; what does not start is said, and left out. */
export async function startSystems(names, vars) {
  const started = {};
  for (const name of names) {
    const system = MAKERS[name]();
    try {
      if (!isInstalled && !NEEDS_NOTHING.includes(name)) throw new Error('not installed');
      await system.start(vars);
      started[name] = system;
    } catch (error) {
      if (NEEDS_NOTHING.includes(name)) throw error;
      console.log(`${system.name} is left out: ${error.message}`);
    }
  }
  return started;
}

export async function stopSystems(systems) {
  await Promise.all(Object.values(systems).map((system) => system.stop()));
}

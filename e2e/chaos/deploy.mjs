// Another version is deployed while people write, and the first one again: every socket
// is cut at once. The pages of the one go on with the Worker of the other.

import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startServer } from '../server.mjs';
import { Listener } from '../wire/listener.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Swarm } from '../wire/swarm.mjs';
import { Company } from './company.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BACK_WITHIN_MS = 10_000;
const PATIENCE_MS = 60_000;
/** Of the clients so many are Yjs clients; the others are pages. */
const YJS_SHARE = 0.1;
const WORDS_A_SECOND = 5;
/** All pages at once. What each says every other one takes in: more often, and two cores do nothing else. */
const SAY_EVERY_MS = 10_000;
const FOLDERS = {
  release: { worker: 'worker/build', site: 'target/site' },
  dev: { worker: 'target/dev/worker', site: 'target/dev/site' },
};

export async function run({ clients, below }) {
  const build = process.env.TANDEM_BUILD ?? 'dev';
  // One more than a note takes asks which version it is.
  const server = await startServer({ build, vars: { MAX_SOCKETS: clients + 50 } });
  const second = await renamed(server, build);
  const { id } = await makeNote(server);
  const company = new Company(server, id, below);
  const yjs = Math.round(clients * YJS_SHARE);
  const found = [];
  let said = 0;
  try {
    await company.come(yjs);
    company.pages = new Swarm(server, clients - yjs, [`/note/${id}`]);
    await company.pages.until(allLive, 'the pages are here', PATIENCE_MS);
    const stopWriting = company.keepWriting(1_000 / WORDS_A_SECOND);
    const pages = setInterval(() => {
      for (let page = 0; page < clients - yjs; page += 1) company.ledger.write(`page ${page}`, `${page}-${said}`);
      said += 1;
      company.pages.say().catch((error) => company.members[0].faults.push(`${error}`));
    }, SAY_EVERY_MS);
    for (const [name, to] of [['old pages, new Worker', second.build], ['new pages, old Worker', build]]) {
      await company.pages.until(({ members }) => allLive({ members }) && said > 2, 'everybody writes', PATIENCE_MS);
      await server.kill();
      // From here on: what wrangler takes to start counts too, which a deployment has not.
      const killed = Date.now();
      await company.until(() => company.members.every((member) => !member.isLive), 'the Yjs clients notice');
      server.deploy(to);
      const starting = server.start();
      await company.until(() => company.members.every((member) => member.isLive), 'the Yjs clients are back');
      const yjsMs = Date.now() - killed;
      const areBack = ({ members }) => members.every(({ live, live_at: times }) => live && times.at(-1) > killed);
      const { members } = await company.pages.until(areBack, 'the pages are back', PATIENCE_MS);
      const pagesMs = Math.max(...members.map(({ live_at: times }) => times.at(-1) - killed));
      await starting;
      const told = await Listener.join(server, `/note/${id}`);
      found.push({ deployed: name, version: told.last('hello').server, 'Yjs clients back, ms': yjsMs, 'last page back, ms': pagesMs });
      await told.leave();
    }
    stopWriting();
    clearInterval(pages);
    const agreedMs = await company.agree();
    const wrong = company.ledger.wrong(await source(server, id));
    const [one, two] = found.map(({ version }) => version);
    return {
      rows: found,
      figures: { pages: clients - yjs, 'Yjs clients': yjs, ...company.ledger.counts, 'all agree after, ms': agreedMs },
      failures: {
        ...wrong,
        'back too late': found.filter((it) => Math.max(it['last page back, ms'], it['Yjs clients back, ms']) > BACK_WITHIN_MS),
        'no other version': one === two ? [one] : [],
      },
    };
  } finally {
    company.leave();
    await server.stop();
    await rm(second.folder, { recursive: true, force: true });
  }
}

const allLive = ({ members }) => members.every(({ live }) => live);

/** The same build under another name, as the next deployment would have. */
async function renamed(server, build) {
  const script = await (await fetch(`${server.origin}/sw.js`)).text();
  const [, first] = /"([0-9a-f]{16})"/.exec(script);
  const name = [...first].reverse().join('');
  const folder = await mkdtemp(join(tmpdir(), 'tandem-second-'));
  const { worker, site } = FOLDERS[build];
  await cp(join(ROOT, worker), join(folder, 'worker'), { recursive: true });
  await cp(join(ROOT, site), join(folder, 'site'), { recursive: true });
  await rename(join(folder, 'site/pkg', first), join(folder, 'site/pkg', name));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    // As long as the first, so that it may stand within wasm.
    const bytes = await readFile(file, 'latin1');
    if (bytes.includes(first)) await writeFile(file, bytes.replaceAll(first, name), 'latin1');
  }
  // Named, since what is served is looked for beside the script.
  const served = ['--config', join(ROOT, 'wrangler.toml'), join(folder, 'worker/index.js'), '--assets', join(folder, 'site')];
  return { folder, build: { served, well: '/healthz' } };
}

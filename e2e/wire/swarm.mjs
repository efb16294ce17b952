// Many clients on a running server: `e2e/swarm`, steered by words.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOOK_EVERY_MS = 100;

export class Swarm {
  #process;
  #lines;

  /** Clients spread over the keys in turn; they connect at once. */
  constructor(server, clients, keys) {
    this.#process = spawn('cargo', ['run', '--quiet', '--locked', '--package', 'swarm', '--',
      server.origin, `${clients}`, ...keys], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Each client says one thing more: a word in a note, a message in a room. */
  say() {
    return this.#word('say');
  }

  /** How they stand: `e2e/swarm/src/report.rs`. */
  look() {
    return this.#word('look');
  }

  /** Each hears that the network is back. */
  online() {
    return this.#word('online');
  }

  async until(holds, what, patience) {
    const give_up = Date.now() + patience;
    for (;;) {
      const report = await this.look();
      if (holds(report)) return report;
      if (Date.now() > give_up) {
        const some = report.members.slice(0, 3).map((member) => JSON.stringify(member).slice(0, 600));
        throw new Error(`waited in vain for: ${what}\n${some.join('\n')}`);
      }
      await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
    }
  }

  /** Ends them, and says how they stood. */
  end() {
    return this.#word('end');
  }

  kill() {
    this.#process.kill('SIGKILL');
  }

  async #word(word) {
    this.#process.stdin.write(`${word}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the swarm has ended');
    return JSON.parse(value);
  }
}

// A line that is cut at random while somebody types, by a TCP proxy of our own: no
// character is lost, and nothing is called saved that is not. TANDEM_CUTS says how many
// cuts, TANDEM_CUT_MS how long the longest is.

import { setTimeout as pause } from 'node:timers/promises';

import { Proxy } from '../proxy.mjs';
import { random, seed } from '../random.mjs';
import type { Server } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { BACK_WITHIN, SAVED, expect, test } from './fixtures';

const CUTS = Number(process.env.TANDEM_CUTS ?? 6);
const LONGEST_MS = Number(process.env.TANDEM_CUT_MS ?? 3_000);
const SHORTEST_MS = 100;
/** How long after a cut the server may still be busy with what had reached it. */
const SETTLED_MS = 500;
/** A silently cut line is noticed after a ping and its time out; then the page joins again. */
const SLOWEST_RETURN = { timeout: BACK_WITHIN.timeout + 15_000 };

/** What the page showed at a moment, and how much had been typed by then. */
interface Seen {
  at: number;
  chip: string;
  typed: number;
}

test('no cut of the line loses a character, and "Saved" is said of what is stored', async ({ arrive, server }) => {
  test.setTimeout(60_000 + CUTS * (LONGEST_MS + 5_000));
  const dice = random();
  const proxy = await Proxy.to(server);
  try {
    const { id } = await makeNote(server);
    const ada = await arrive({ name: 'Ada', server: { origin: proxy.origin } as Server });
    await ada.open(id);
    await ada.editor.focus();
    const seen = await ada.chip.evaluateHandle((chip) => {
      const seen: Seen[] = [];
      let typed = 0;
      const look = () => seen.push({ at: Date.now(), chip: chip.getAttribute('aria-label') ?? '', typed });
      // After the editor and the page have done with it.
      document.addEventListener('input', () => { typed += 1; setTimeout(look); }, true);
      new MutationObserver(look).observe(chip, { attributes: true, attributeFilter: ['aria-label'] });
      return seen;
    });

    let typed = '';
    let typing = true;
    const hands = (async () => {
      while (typing) {
        const word = `${dice(1_000)} `;
        await ada.page.keyboard.type(word, { delay: 10 + dice(60) });
        typed += word;
      }
    })();
    const cuts: { from: number; to: number; stored: number; how: string }[] = [];
    for (let cut = 0; cut < CUTS; cut++) {
      await pause(200 + dice(800));
      const how = dice(3) === 0 ? 'silent' : 'open';
      // As many short ones as long ones.
      const ms = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (dice(1_000) / 1_000);
      const from = Date.now();
      proxy.cut(how);
      await pause(Math.min(ms, SETTLED_MS));
      const stored = (await source(server, id)).length;
      await pause(Math.max(0, ms - SETTLED_MS));
      proxy.mend();
      cuts.push({ from: from + SETTLED_MS, to: from + ms, stored, how });
      if (dice(4) > 0) continue;
      // Who goes on typing is hardly ever saved for as long as a look takes.
      const before = typed.length;
      await expect.poll(async () => (await source(server, id)).length, SLOWEST_RETURN).toBeGreaterThanOrEqual(before);
    }
    typing = false;
    await hands;
    await ada.isSaved(SLOWEST_RETURN);
    const text = await source(server, id);
    expect(text.length, `seed ${seed}`).toBe(typed.length);
    expect(text, `seed ${seed}`).toBe(typed);

    const all = await seen.jsonValue();
    const lies = all.filter(({ at, chip, typed }) => SAVED.test(chip)
      && cuts.some(({ from, to, stored }) => at >= from && at < to && typed > stored));
    expect(lies, `seed ${seed}`).toEqual([]);
    const looked = all.filter(({ at }) => cuts.some(({ from, to }) => at >= from && at < to)).length;
    console.log(`${CUTS} cuts (${cuts.filter(({ how }) => how === 'silent').length} silent) of ${SHORTEST_MS}-${LONGEST_MS} ms,`
      + ` ${typed.length} characters typed, 0 lost; the chip looked at ${looked} times during cuts, 0 lies; seed ${seed}`);
    // Closed before the proxy is: nothing is tried in vain after what is forgiven.
    await ada.page.close();
    ada.forgive(/WebSocket connection to|ERR_/);
  } finally {
    await proxy.stop();
  }
});

// What goes wrong, and when: a list of mishaps that follows from a seed, and is known
// before the first of them.

const SHORTEST_CUT_MS = 100;
const LONGEST_CUT_MS = 60_000;
/** Mean time between two cuts, between two killed tabs, and between two kills of the server. */
const CUT_EVERY_MS = 2_000;
const TAB_EVERY_MS = 3_000;
const KILL_EVERY_MS = 12_000;
/** A killed server is started again at once, or after up to so long. */
const LONGEST_DOWN_MS = 3_000;
const LONGEST_CLOSED_MS = 8_000;
/** Nothing begins so shortly before the end. */
const QUIET_MS = 1_000;

/**
 * Mishaps in the order of their time: `{ at, what, ... }` with `what` of `cut` (`lines`,
 * `how`, `ms`), `tab` (`member`, `ms`) and `kill` (`ms`).
 * @param {{ below: Function, ms: number, lines: number, members: number, kills: boolean }} wanted
 */
export function plan({ below, ms, lines, members, kills }) {
  const longest = Math.min(LONGEST_CUT_MS, ms / 2);
  const mishaps = [
    ...times(below, ms, CUT_EVERY_MS).map((at) => ({ at, what: 'cut', ...cut(below, lines, longest) })),
    ...times(below, ms, TAB_EVERY_MS).map((at) => ({ at, what: 'tab', member: below(members), ms: below(LONGEST_CLOSED_MS) })),
  ];
  if (kills) {
    mishaps.push(...times(below, ms, KILL_EVERY_MS).map((at) => ({ at, what: 'kill', ms: below(2) * below(LONGEST_DOWN_MS) })));
  }
  return mishaps.sort((a, b) => a.at - b.at);
}

/** Times between half and one and a half of the mean apart. */
function times(below, ms, every) {
  const found = [];
  for (let at = below(every); at < ms - QUIET_MS; at += every / 2 + below(every)) found.push(at);
  return found;
}

/** As many short ones as long ones; mostly of one line, sometimes of half of them. */
function cut(below, lines, longest) {
  const share = [1, 1, 1 + below(Math.ceil(lines / 10)), 1 + below(Math.ceil(lines / 2))][below(4)];
  return {
    lines: some(below, lines, share),
    how: below(3) === 0 ? 'silent' : 'open',
    ms: Math.round(SHORTEST_CUT_MS * (longest / SHORTEST_CUT_MS) ** (below(1_000) / 1_000)),
  };
}

function some(below, all, count) {
  const left = Array.from({ length: all }, (_, index) => index);
  return Array.from({ length: Math.min(count, all) }, () => left.splice(below(left.length), 1)[0]);
}

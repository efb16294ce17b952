// A plot as SVG: lines over an axis, each with its name at its end. Its colours follow
// the reader's: light or dark.

const [WIDTH, HEIGHT] = [720, 360];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 190, 16, 44];
/** Names of lines keep so far apart. */
const LINE_HEIGHT = 16;
const COLOURS = [['#0b57d0', '#8ab4f8'], ['#5f6368', '#bdc1c6'], ['#b3261e', '#f28b82'], ['#137333', '#81c995'], ['#9334e6', '#c58af9'], ['#b06000', '#fdd663']];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #3c4043 }
  .grid { stroke: #dadce0 } .line { fill: none; stroke-width: 2 }
  ${COLOURS.map(([light], n) => `.l${n} { stroke: ${light} } .d${n} { fill: ${light} }`).join(' ')}
  @media (prefers-color-scheme: dark) {
    text { fill: #e8eaed } .grid { stroke: #5f6368 }
    ${COLOURS.map(([, dark], n) => `.l${n} { stroke: ${dark} } .d${n} { fill: ${dark} }`).join(' ')}
  }`;

/** `series` are `{ name, points: [[x, y], …] }`. */
export function plot({ x, y, series, isLogX = false, isLogY = false }) {
  const all = series.flatMap(({ points }) => points);
  const across = axis(all.map(([each]) => each), isLogX, LEFT, WIDTH - RIGHT);
  const up = axis(all.map(([, each]) => each), isLogY, HEIGHT - BOTTOM, TOP);
  const grid = up.ticks.map((tick) => `<path class="grid" d="M${LEFT} ${at(up.place(tick))}H${WIDTH - RIGHT}"/>`
    + `<text x="${LEFT - 8}" y="${at(up.place(tick) + 4)}" text-anchor="end">${spoken(tick)}</text>`);
  const marks = [...new Set(all.map(([each]) => each))].sort((a, b) => a - b)
    .map((each) => `<text x="${at(across.place(each))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${spoken(each)}</text>`);
  const names = apart(series.map(({ points }) => up.place(points.at(-1)[1])));
  const lines = series.map(({ name, points }, n) => {
    const places = points.map(([px, py]) => [at(across.place(px)), at(up.place(py))]);
    const dots = places.map(([px, py]) => `<circle class="d${n % COLOURS.length}" cx="${px}" cy="${py}" r="3"/>`).join('');
    return `<path class="line l${n % COLOURS.length}" d="M${places.map((place) => place.join(' ')).join('L')}"/>${dots}`
      + `<text class="d${n % COLOURS.length}" x="${WIDTH - RIGHT + 10}" y="${at(names[n] + 4)}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<style>${STYLE}
</style>
${[...grid, ...marks, ...lines].join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${x}</text>
<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${y}</text>
</svg>
`;
}

/** Where a value stands between two places, and which values are worth a line. */
function axis(values, isLog, from, to) {
  const scale = isLog ? Math.log10 : (value) => value;
  const highest = Math.max(...values);
  const ticks = isLog ? decades(Math.min(...values), highest) : steps(highest);
  const [low, high] = isLog ? [Math.min(ticks[0], ...values), Math.max(ticks.at(-1), highest)] : [0, Math.max(ticks.at(-1), highest)];
  const place = (value) => from + ((scale(value) - scale(low)) / (scale(high) - scale(low))) * (to - from);
  return { place, ticks };
}

function decades(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) ticks.push(10 ** power);
  return ticks;
}

function steps(highest) {
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, n) => n * step);
}

/** Moves what stands too close together, and keeps the order. */
function apart(places) {
  const order = places.map((place, n) => [place, n]).sort(([a], [b]) => a - b);
  const moved = [];
  let next = -Infinity;
  for (const [place, n] of order) {
    moved[n] = Math.max(place, next);
    next = moved[n] + LINE_HEIGHT;
  }
  return moved;
}

const at = (place) => Math.round(place * 10) / 10;
const spoken = (value) => (value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : `${Number(value.toPrecision(3))}`);

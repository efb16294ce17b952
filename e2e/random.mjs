// Randomness that a failing run can be repeated with: TANDEM_SEED names the seed,
// and whoever uses this says it.

export const seed = Number(process.env.TANDEM_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** A generator of whole numbers below a bound (mulberry32). */
export function random(from = seed) {
  let state = from >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

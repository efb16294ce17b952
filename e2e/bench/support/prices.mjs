// What Cloudflare asks of who pays for Workers, as read in November 2026, and how much
// of everything a person uses in a month.

const MILLION = 1_000_000;
/** Dollars. */
const PLAN = 5;
const REQUESTS = { free: 10 * MILLION, each: 0.30 / MILLION };
const OBJECT_REQUESTS = { free: MILLION, each: 0.15 / MILLION };
const DURATION = { free: 400_000, each: 12.50 / MILLION };
const ROWS_WRITTEN = { free: 50 * MILLION, each: 1.00 / MILLION };
const STORED_GB = { free: 5, each: 0.20 };
/** Messages that come in on a socket are counted as requests, so many as one. */
const MESSAGES_A_REQUEST = 20;
/** An object in memory is billed as so much of it. */
const OBJECT_GB = 0.128;

const DAYS = 21;
const EDITS_A_DAY = 3_000;
const TYPING_HOURS_A_DAY = 0.5;
const OPEN_HOURS_A_DAY = 8;
const NOTES_OPENED_A_DAY = 20;
/** A page, its socket, and those of bell and announcements. */
const REQUESTS_A_NOTE_OPENED = 4;

/** The life that is assumed, in words. */
export const LIFE = `each person types ${EDITS_A_DAY} edits in half an hour on ${DAYS} days, two to a note, opens ${NOTES_OPENED_A_DAY} notes a day, `
  + `and has one open for ${OPEN_HOURS_A_DAY} hours; an object is billed for all the time in which somebody types`;

const over = ({ free, each }, count) => Math.max(0, count - free) * each;
const dollars = (value) => Math.round(value * 100) / 100;

/** A month of so many people, from what a pair that types was counted to use and what an idle hour does. */
export function month(people, typed, idleHour) {
  const edits = people * EDITS_A_DAY * DAYS;
  const an = (count) => count / typed.edits;
  const opened = people * NOTES_OPENED_A_DAY * DAYS;
  const rows = edits * an(typed.rowsWritten + typed.alarmsSet + typed.databaseRowsWritten);
  const messages = edits * an(typed.messages);
  const requests = opened * REQUESTS_A_NOTE_OPENED;
  const idle = people * OPEN_HOURS_A_DAY * DAYS;
  const objectRequests = requests + messages / MESSAGES_A_REQUEST + idle * (idleHour.messages / MESSAGES_A_REQUEST + idleHour.wakeUps);
  const duration = (people / typed.people) * TYPING_HOURS_A_DAY * DAYS * 3_600 * OBJECT_GB;
  const storedGb = (edits * an(Math.max(0, typed.storedBytes))) / 1e9;
  const parts = {
    plan: PLAN,
    requests: over(REQUESTS, requests) + over(OBJECT_REQUESTS, objectRequests),
    duration: over(DURATION, duration),
    rows: over(ROWS_WRITTEN, rows),
    storage: over(STORED_GB, storedGb),
  };
  const all = Object.values(parts).reduce((sum, each) => sum + each, 0);
  return { ...Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, dollars(value)])), dollars: dollars(all), each: dollars(all / people) };
}

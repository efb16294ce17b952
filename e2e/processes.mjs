// What the processes of a server take of the machine, as Linux counts it. Elsewhere
// nothing is known, and what is made of it is no number.

import { readFile, readdir, readlink } from 'node:fs/promises';

/** Of `/proc/<pid>/stat`: a hundredth of a second, on every Linux. */
const TICK_MS = 10;
/** Of `/proc/net/tcp`. */
const LISTENING = '0A';

/** The processes of a group, with their names. */
export async function processes(group) {
  const found = [];
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name is in brackets, and may hold anything.
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    if (end < 0 || Number(fields[2]) !== group) continue;
    found.push({
      pid: Number(pid),
      name: stat.slice(stat.indexOf('(') + 1, end),
      processorMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    });
  }
  return found;
}

/** Milliseconds of processor time that these processes took so far. */
export async function processorMs(pids) {
  let ms = pids.length > 0 ? 0 : NaN;
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ms += (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }
  return ms;
}

/** The ports of this machine that a process listens on. */
export async function portsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all((await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  const mine = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]).filter(Boolean));
  const ports = [];
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] === LISTENING && mine.has(fields[9])) ports.push(Number.parseInt(fields[1].split(':')[1], 16));
  }
  return ports;
}

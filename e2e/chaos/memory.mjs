// How much memory a server takes.

import { readFile, readdir } from 'node:fs/promises';

const KB = 1_024;

/** Bytes that the `workerd` processes of a server have in memory, all together. */
export async function residentBytes(server) {
  let sum = 0;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const read = (name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const stat = await read('stat');
    const [, name, rest] = /\((.*)\) (.*)$/s.exec(stat) ?? [];
    // State, parent, group.
    if (name !== 'workerd' || Number(rest.split(' ')[2]) !== server.group) continue;
    sum += Number(/VmRSS:\s+(\d+)/.exec(await read('status'))?.[1] ?? 0) * KB;
  }
  return sum;
}

// How much memory a server takes.

import { readFile } from 'node:fs/promises';

const KB = 1_024;

/** Bytes that the workerd that runs the Worker has in memory. Linux only. */
export async function residentBytes(server) {
  const status = await readFile(`/proc/${await server.runtime()}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * KB;
}

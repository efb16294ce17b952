// Hocuspocus as its documentation starts it, in memory. The port is the one argument.

import { Server } from '@hocuspocus/server';

/** A co-editor who only reads is no reason to hang up. */
const IDLE_MS = 3_600_000;

const port = Number(process.argv[2]);
await new Server({ port, address: '127.0.0.1', quiet: true, timeout: IDLE_MS }).listen();

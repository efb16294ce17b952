// The browser tests: Chromium, one at a time, against a server that each worker
// process starts for itself (fixtures.ts).

import { defineConfig } from '@playwright/test';

export const LAUNCH_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'acceptance',
  outputDir: '.results',
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    trace: 'retain-on-failure',
    viewport: { width: 1280, height: 800 },
    // Each browser would fill a cache of its own first; `offline.spec.ts` lets it.
    serviceWorkers: process.env.TANDEM_SERVICE_WORKERS === 'allow' ? 'allow' : 'block',
    launchOptions: {
      executablePath: process.env.TANDEM_CHROMIUM ?? '/usr/bin/chromium',
      args: LAUNCH_FLAGS,
    },
  },
});

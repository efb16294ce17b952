// A page in Chromium, typed in by somebody who then wants to know what is stored, and
// to take a copy away.

import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const PATIENCE_MS = 60_000;

export class ChromiumPage {
  static async open(server, note) {
    const browser = await chromium.launch({
      executablePath: process.env.TANDEM_CHROMIUM || undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage();
    await page.goto(`${server.origin.replace('127.0.0.1', 'localhost')}/note/${note}`);
    const opened = new ChromiumPage(browser, page);
    await opened.says('Saved');
    return opened;
  }

  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
    this.chip = page.getByRole('button', { name: /Details$/ });
  }

  /** Waits until the chip begins with something (a regular expression), and returns what it says. */
  async says(words) {
    const name = new RegExp(`^(${words}).*Details$`);
    await this.page.getByRole('button', { name }).waitFor({ timeout: PATIENCE_MS });
    return this.chip.getAttribute('aria-label');
  }

  async type(words) {
    await this.page.getByRole('textbox', { name: 'Note source' }).focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(words, { delay: 5 });
  }

  /** The text as the page gives it out when it cannot be stored. */
  async copy() {
    await this.chip.click();
    const saved = this.page.waitForEvent('download');
    await this.page.getByRole('button', { name: 'Download a copy' }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    await this.page.keyboard.press('Escape');
    return text;
  }

  close() {
    return this.browser.close();
  }
}

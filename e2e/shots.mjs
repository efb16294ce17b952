// Pictures of every page, to be looked at by people: `node e2e/shots.mjs FOLDER`.
// One of them is the README's, and goes to docs/two-people.png. Nothing is checked
// here; `acceptance/` does that.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startServer } from './server.mjs';
import { makeNote } from './wire/notes.mjs';

const README_PICTURE = fileURLToPath(new URL('../docs/two-people.png', import.meta.url));
const WIDE = { width: 1280, height: 760 };
const MESSAGES = [
  ['ada', 'Has anybody looked at the **timetable**?'],
  ['ben', 'The 9:04 is direct. The later one changes in `Linz`.'],
  ['ben', 'See L11: I put the train there.'],
  ['ada', '@Ben shall I book two seats by the window?'],
  ['ben', '@Ada yes, and a table, for it is a long way and we want to eat something'],
];
const NARROW = { width: 390, height: 844 };
const SAVED = 'Saved. Details';

const NOTE = `# A weekend in Vienna

We leave on **Friday at 9** and are back on Sunday evening.
The night train is *much* nicer than the plane.

## To do

- [x] Book the train
- [x] Ask the neighbours about the cat
- [ ] Find a room near the *Naschmarkt*
- [ ] Tickets for the museum

| Who | Brings           |
| --- | ---------------- |
| Ada | maps, coffee     |
| Ben | camera, umbrella |

> Whoever wakes first makes breakfast.

\`\`\`sh
curl -O https://example.org/timetable.pdf
\`\`\`

See the [timetable](https://example.org/timetable).
`;

/** For who reads: code, a diagram, a film, and enough headings to list. */
const READ = `${NOTE}
## Getting there

\`\`\`rust
/// How long the night train takes, in minutes.
pub fn duration(from: Station, to: Station) -> Option<u32> {
    let stops = timetable().get(&from)?; // may be none
    stops.iter().find(|stop| stop.name == "Wien Hbf").map(|stop| stop.minutes + 4)
}
\`\`\`

\`\`\`mermaid
graph LR
  A[Home] --> B{Train?}
  B -->|night| C[Linz]
  B -->|day| D[Salzburg]
  C --> E[Vienna]
  D --> E
\`\`\`

## A film about it

https://vimeo.com/76979871

### Where it was made

In the second district, and on the way there.
`;

const folder = process.argv[2];
if (!folder) {
  console.error('Say where the pictures go: node e2e/shots.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const server = await startServer();
const origin = server.origin.replace('127.0.0.1', 'localhost');
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await takeAll();
} finally {
  await browser.close();
  await server.stop();
}

/** Somebody with a browser of their own; a guest when there is no name. */
async function arrive(name, colour, options = {}) {
  // Without motion, or what opens is seen half open.
  const context = await browser.newContext({ baseURL: origin, viewport: WIDE, reducedMotion: 'reduce', ...options });
  if (name) {
    await context.request.post('/api/fn/set_person', { form: { name, colour: `${colour}` }, headers: { origin } });
  }
  return context.newPage();
}

async function open(page, id) {
  await page.goto(`/note/${id}`);
  await page.getByRole('button', { name: SAVED }).waitFor();
  await page.getByRole('textbox', { name: 'Note source' }).waitFor({ state: 'attached' });
}

async function shoot(page, name) {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`${name}.png`);
}

/** Puts the caret behind some words of the source. */
async function goBehind(page, words) {
  const lines = NOTE.split('\n');
  const line = lines.findIndex((each) => each.includes(words));
  const column = lines[line].indexOf(words) + words.length;
  await page.getByRole('textbox', { name: 'Note source' }).focus();
  await page.keyboard.press('Control+Home');
  for (let down = 0; down < line; down += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  for (let right = 0; right < column; right += 1) await page.keyboard.press('ArrowRight');
}

async function setMode(page, name) {
  await page.getByRole('group', { name: 'View mode' }).getByRole('button', { name }).click();
}

async function takeAll() {
  const stranger = await arrive();
  await stranger.goto('/');
  await shoot(stranger, 'home-first');
  await stranger.goto('/note/00000000-0000-4000-8000-000000000000');
  await shoot(stranger, 'not-found');

  const { id } = await makeNote(server, { markdown: NOTE });
  const ada = await arrive('Ada', 0);
  const ben = await arrive('Ben', 1);
  await open(ada, id);
  await open(ben, id);
  await goBehind(ada, 'back on Sunday evening');
  await goBehind(ben, 'museum');
  await ben.keyboard.type(', for two');
  await ada.getByRole('textbox', { name: 'Note source' }).getByText('for two').waitFor();
  await ada.getByRole('region', { name: 'View' }).getByText('for two').waitFor();
  await ada.getByRole('textbox', { name: 'Note source' }).getByText('Ben', { exact: true }).waitFor();
  // Both carets are drawn solid: Ada's by her key, Ben's by his.
  await ben.keyboard.type('.');
  await ada.keyboard.press('ArrowLeft');
  await ada.keyboard.press('ArrowRight');
  await ada.screenshot({ path: README_PICTURE });
  await shoot(ada, 'note-both');

  await ben.keyboard.press('Shift+Home');
  await ada.locator('.remote-selection').first().waitFor();
  await setMode(ada, 'Edit');
  await shoot(ada, 'note-edit-selection');
  await setMode(ada, 'View');
  await shoot(ada, 'note-view');
  await setMode(ada, 'Both');

  await ada.getByRole('button', { name: 'Share' }).click();
  await shoot(ada, 'share');
  await ada.keyboard.press('Escape');
  await ada.getByRole('button', { name: 'More' }).click();
  await shoot(ada, 'more');
  await ada.getByRole('button', { name: 'My name and colour' }).click();
  await shoot(ada, 'me');
  await ada.keyboard.press('Escape');
  await ada.getByRole('button', { name: '2 people are here' }).click();
  await shoot(ada, 'people');
  await ada.keyboard.press('Escape');

  await takeOthers(id);
  await takeReader();
  await takeLead(ada, ben);
  await takeChat(ada, ben, id);

  // Last, since nothing is served afterwards.
  await server.kill();
  await ada.getByRole('textbox', { name: 'Note source' }).focus();
  await ada.keyboard.type(' Still here.');
  await ada.getByRole('button', { name: /^Offline · 12 changes waiting/ }).click();
  await shoot(ada, 'disconnected');
}

async function say(page, text) {
  const field = page.getByRole('textbox', { name: 'Message' });
  if (!(await field.isVisible())) await page.getByRole('button', { name: /^Chat/ }).click();
  await field.fill(text);
  await field.press('Enter');
  await page.locator('.chat-log .chat-message').last().waitFor();
}

/** Who leads, as the others see it and as they do themselves. */
async function takeLead(ada, ben) {
  await ben.getByRole('button', { name: 'More', exact: true }).click();
  await ben.getByRole('button', { name: 'Let others follow me' }).click();
  await ben.keyboard.press('Escape');
  await ada.getByText('Ben leads.').waitFor();
  await shoot(ada, 'lead');
  await shoot(ben, 'lead-mine');
  await ben.locator('.leader').getByRole('button', { name: 'Stop' }).click();
}

/** The chat beside a note and alone, and the bell. */
async function takeChat(ada, ben, id) {
  await ada.getByRole('button', { name: /^Chat/ }).click();
  await shoot(ada, 'chat-empty');
  for (const [who, text] of MESSAGES) await say(who === 'ada' ? ada : ben, text);
  await ada.locator('.chat-log').getByText('a long way').waitFor();
  await ben.getByRole('textbox', { name: 'Message' }).pressSequentially('And');
  await ada.getByText('Ben is typing…').waitFor();
  await shoot(ada, 'chat');
  await ada.locator('.chat-message').first().hover();
  await ada.locator('.chat-message .chat-more').first().click();
  await shoot(ada, 'chat-menu');
  await ada.keyboard.press('Escape');
  await ada.getByRole('textbox', { name: 'Message' }).pressSequentially('@');
  await shoot(ada, 'chat-names');
  await ada.getByRole('textbox', { name: 'Message' }).fill('');
  await ada.getByRole('button', { name: /^Notifications, 1 unread/ }).click();
  await shoot(ada, 'bell');
  await ada.getByRole('button', { name: 'Notification settings' }).click();
  await shoot(ada, 'bell-settings');
  await ada.keyboard.press('Escape');
  await ada.keyboard.press('Escape');
  await ada.getByRole('button', { name: 'Close the chat' }).click();
  await say(ben, 'Done.');
  await ada.getByRole('button', { name: 'Chat, 1 new' }).click();
  await shoot(ada, 'chat-new');

  const cookies = await ada.context().cookies();
  for (const [name, options] of [
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: NARROW, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
    ['phone-dark', { viewport: NARROW, isMobile: true, hasTouch: true, deviceScaleFactor: 2, colorScheme: 'dark' }],
  ]) {
    const page = await arrive(null, 0, options);
    await page.context().addCookies(cookies);
    await open(page, id);
    await shoot(page, `${name}-note-with-chat`);
    await page.getByRole('button', { name: /^Chat/ }).click();
    await page.getByText('Done.').waitFor();
    await shoot(page, `${name}-chat`);
    await page.getByRole('button', { name: 'Close the chat' }).click();
    await page.getByRole('button', { name: /^Notifications/ }).click();
    await page.locator('.bell-row').first().waitFor();
    await shoot(page, `${name}-bell`);
    await page.goto('/');
    await page.getByRole('button', { name: /^Notifications, 1/ }).waitFor();
    await shoot(page, `${name}-home-known`);
    await page.goto('/chat');
    await shoot(page, `${name}-rooms`);
    await page.close();
  }

  const room = await arrive('Ada', 0);
  await room.goto('/chat');
  await shoot(room, 'rooms-empty');
  await room.getByRole('textbox', { name: 'New room' }).fill('Tea and cake');
  await room.getByRole('button', { name: 'Make room' }).click();
  await room.getByText('No messages yet.').waitFor();
  await shoot(room, 'room-empty');
  for (const text of ['Who brings cake?', 'I do not mind which.']) await say(room, text);
  await shoot(room, 'room');
  await room.goto('/chat');
  await room.getByRole('link', { name: 'Tea and cake' }).waitFor();
  await shoot(room, 'rooms');
  await room.close();
}

/** The page of who only reads, with what it adds to the view, and on paper. */
async function takeReader() {
  const { id } = await makeNote(server, { markdown: READ, access: 'view' });
  for (const [name, options] of [
    ['reader', {}],
    ['reader-dark', { colorScheme: 'dark' }],
    ['reader-phone', { viewport: NARROW, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
    ['reader-phone-dark', { viewport: NARROW, isMobile: true, hasTouch: true, deviceScaleFactor: 2, colorScheme: 'dark' }],
  ]) {
    const reader = await arrive(null, 0, options);
    await reader.goto(`/note/${id}`);
    await reader.getByRole('button', { name: 'View only. Details' }).waitFor();
    await reader.getByRole('button', { name: 'Contents' }).click();
    await reader.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Getting there' }).waitFor();
    await shoot(reader, `${name}-contents`);
    await reader.keyboard.press('Escape');
    await reader.getByRole('heading', { name: 'Getting there' }).scrollIntoViewIfNeeded();
    await reader.locator('iframe.diagram').scrollIntoViewIfNeeded();
    await reader.locator('iframe.diagram[data-drawn]').waitFor();
    await shoot(reader, `${name}-code`);
    await reader.getByText('In the second district').scrollIntoViewIfNeeded();
    await shoot(reader, `${name}-embed`);
    if (name === 'reader') {
      await reader.emulateMedia({ media: 'print' });
      await reader.screenshot({ path: join(folder, 'reader-print.png'), fullPage: true });
      await reader.pdf({ path: join(folder, 'reader-print.pdf'), format: 'A4' });
    }
    await reader.close();
  }
}

/** The same in the dark, on a phone, without scripts, for who only reads. */
async function takeOthers(id) {
  const dark = await arrive(null, 0, { colorScheme: 'dark' });
  await open(dark, id);
  await shoot(dark, 'dark-both');
  await dark.goto('/');
  await shoot(dark, 'dark-home');
  await dark.close();

  for (const [name, options] of [['phone', {}], ['phone-dark', { colorScheme: 'dark' }]]) {
    const phone = await arrive(null, 0, { viewport: NARROW, isMobile: true, hasTouch: true, deviceScaleFactor: 2, ...options });
    await open(phone, id);
    await shoot(phone, `${name}-edit`);
    await setMode(phone, 'View');
    await shoot(phone, `${name}-view`);
    await phone.getByRole('button', { name: 'Share' }).click();
    await shoot(phone, `${name}-share`);
    await phone.goto('/');
    await shoot(phone, `${name}-home`);
    await phone.close();
  }

  const plain = await arrive(null, 0, { javaScriptEnabled: false });
  await plain.goto(`/note/${id}`);
  await shoot(plain, 'without-scripts');
  await plain.goto(`/note/${id}/edit`);
  await shoot(plain, 'form');
  await plain.close();

  const { id: readOnly } = await makeNote(server, { markdown: NOTE, access: 'view' });
  const reader = await arrive();
  await reader.goto(`/note/${readOnly}`);
  await reader.getByRole('button', { name: 'View only. Details' }).waitFor();
  await shoot(reader, 'view-only');
  await reader.close();

  const { id: empty } = await makeNote(server);
  const first = await arrive();
  await open(first, empty);
  await shoot(first, 'empty');
  await first.close();
}

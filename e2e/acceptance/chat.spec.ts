// The chat beside a note and on its own page: two people, a cut line, the keyboard alone, and what a screen reader is told.

import type { WebSocketRoute } from '@playwright/test';

import { Listener } from '../wire/listener.mjs';
import { Person as Writer } from '../wire/people.mjs';
import { BACK_WITHIN, expect, held, test, type Person } from './fixtures';

/** A close code that is worth another try. */
const TRY_AGAIN = 4599;

/** The chat of somebody's page. */
class Chat {
  readonly panel;
  readonly log;
  readonly message;
  readonly button;
  readonly menu;

  constructor(readonly person: Person) {
    const { page } = person;
    this.panel = page.getByRole('region', { name: 'Chat', exact: true });
    this.log = this.panel.getByRole('log', { name: 'Messages' });
    this.message = this.panel.getByRole('textbox', { name: 'Message' });
    this.button = page.getByRole('button', { name: /^Chat/ });
    this.menu = page.locator('#chat-menu');
  }

  async open() {
    await this.button.click();
    await expect(this.message).toBeFocused();
  }

  async say(text: string) {
    await this.message.fill(text);
    await this.message.press('Enter');
    await expect(this.message).toHaveValue('');
  }

  /** One message, by its words. */
  row(words: string) {
    return this.log.getByRole('article').filter({ hasText: words });
  }

  /** Does something with a message by its menu. */
  async choose(words: string, action: string) {
    await this.row(words).hover();
    await this.row(words).getByRole('button', { name: 'More about this message' }).click();
    await this.menu.getByRole('button', { name: action }).click();
  }
}

/** Cuts the chat's own line, and mends it. */
async function lineOf({ page }: Person) {
  let cut = false;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/chat\//, (socket) => {
    if (cut) return void socket.close({ code: TRY_AGAIN });
    open.add(socket);
    socket.connectToServer();
  });
  return {
    async cut() {
      cut = true;
      for (const socket of open) await socket.close({ code: TRY_AGAIN });
      open.clear();
    },
    mend() { cut = false; },
  };
}

/** Two people in one note, each with the chat open. */
async function both(ada: Person, ben: Person, id: string): Promise<[Chat, Chat]> {
  await ada.open(id);
  await ben.open(id);
  const [hers, his] = [new Chat(ada), new Chat(ben)];
  await hers.open();
  await his.open();
  // Both are in the room, and have what was said.
  for (const chat of [hers, his]) await expect(chat.panel.getByText('No messages yet.')).toBeVisible();
  return [hers, his];
}

test('what is pressed before the page is alive is done as soon as it is', async ({ ada, note }) => {
  const come = await held(ada, 'app_bg.wasm');
  await ada.page.goto(`/note/${await note.make('# Plans\n')}`, { waitUntil: 'domcontentloaded' });
  const chat = new Chat(ada);
  await chat.button.click();
  await expect(chat.button).toHaveAttribute('aria-busy', 'true');
  await expect(chat.message).toBeHidden();
  come();
  await expect(chat.message).toBeVisible();
  await expect(chat.button).not.toHaveAttribute('aria-busy');
});

test('two people chat beside a note', async ({ ada, ben, note }) => {
  const [hers, his] = await both(ada, ben, await note.make('# Plans\n'));
  await expect(hers.panel.getByText('No messages yet.')).toBeVisible();
  await expect(hers.panel.getByText('Everyone who can open this note can read the chat, also later.')).toBeVisible();
  // It is shown for a while alone.
  await Promise.all([
    expect(his.panel.getByText('Ada is typing…')).toBeVisible(),
    hers.message.pressSequentially('Tea at **four**?', { delay: 50 }),
  ]);
  await hers.message.press('Enter');
  await expect(his.row('Tea at four?')).toBeVisible();
  await expect(his.row('Tea at four?').locator('strong')).toHaveText('four');
  await expect(his.row('Tea at four?')).toContainText('Ada');
  await expect(his.panel.getByText('Today')).toBeVisible();
  await expect(hers.panel.getByText('Everyone who can open')).toBeHidden();

  await his.message.fill('one');
  await his.message.press('Shift+Enter');
  await his.message.pressSequentially('two <b>');
  await his.message.press('Enter');
  await expect(hers.row('two <b>')).toContainText('one');
  await expect(hers.log.getByRole('article')).toHaveCount(2);
});

test('a closed chat counts what is new, and opens at it', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await ada.open(id);
  await ben.open(id);
  const [hers, his] = [new Chat(ada), new Chat(ben)];
  await his.open();
  await his.say('first');
  await his.say('second');
  await expect(hers.button).toHaveAccessibleName('Chat, 2 new');
  await hers.open();
  await expect(hers.panel.getByText('New', { exact: true })).toBeVisible();
  await expect(hers.button).toHaveAccessibleName('Chat');
  await ada.page.keyboard.press('Escape');
  await expect(hers.panel).toBeHidden();
  await ada.page.reload();
  // Three, if what she saw were not kept.
  await his.say('third');
  await expect(hers.button).toHaveAccessibleName('Chat, 1 new');
});

test('own messages are changed and taken back, by the keyboard alone', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  const [hers, his] = await both(ada, ben, id);
  await ada.page.keyboard.press('Escape');
  await expect(hers.panel).toBeHidden();
  await expect(hers.button, 'the focus is where it was').toBeFocused();
  await ada.page.keyboard.press('Alt+c');
  await expect(hers.message).toBeFocused();
  await ada.page.keyboard.type('Tea at fuor');
  await ada.page.keyboard.press('Enter');
  await expect(his.row('Tea at fuor')).toBeVisible();
  await ada.page.keyboard.press('ArrowUp');
  await expect(hers.message).toHaveValue('Tea at fuor');
  await hers.message.fill('Tea at four');
  await ada.page.keyboard.press('Enter');
  await expect(his.row('Tea at four')).toContainText('edited');
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('Escape');
  await expect(hers.message, 'Escape leaves the change first').toHaveValue('');
  await expect(hers.panel).toBeVisible();

  await hers.row('Tea at four').getByRole('button', { name: 'More about this message' }).press('Enter');
  await hers.menu.getByRole('button', { name: 'Delete' }).press('Enter');
  await expect(his.row('Message deleted')).toBeVisible();
  await expect(his.log).not.toContainText('Tea');
  await expect(hers.message).toBeFocused();
});

test('a change that is refused is given back, and so is what was being written before it', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const chat = new Chat(ada);
  await chat.open();
  await chat.say('Tea at four');
  await chat.message.fill('half a thought');
  await chat.choose('Tea at four', 'Edit');
  await expect(chat.message).toHaveValue('Tea at four');
  await chat.message.fill('Tea at five');
  await chat.message.press('Enter');
  await expect(chat.row('Tea at five')).toBeVisible();
  await expect(chat.message).toHaveValue('half a thought');
  await chat.message.fill('');

  // Few enough letters for the field, too many bytes for the room.
  const long = 'ü'.repeat(3_000);
  await chat.message.press('ArrowUp');
  await chat.message.fill(long);
  await chat.message.press('Enter');
  await expect(chat.panel.getByRole('alert')).toHaveText(/too long/);
  await expect(chat.message).toHaveValue(long);
  await expect(chat.panel.getByText('Changing a message.')).toBeVisible();
  await expect(chat.row('Tea at five')).toBeVisible();

  // Of one that is deleted meanwhile there is nothing to change.
  await chat.message.fill('Tea at six');
  await chat.choose('Tea at five', 'Delete');
  await expect(chat.row('Message deleted')).toBeVisible();
  await chat.message.press('Enter');
  await expect(chat.panel.getByRole('alert')).toHaveText(/was deleted meanwhile/);
  await expect(chat.message).toHaveValue('Tea at six');
  await chat.message.press('Enter');
  await expect(chat.row('Tea at six')).toBeVisible();
});

test('an Alt that writes a letter of its own opens no chat while one writes', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const chat = new Chat(ada);
  const press = (key: string) => ada.editor.dispatchEvent('keydown', { key, code: 'KeyC', altKey: true, bubbles: true, cancelable: true });
  await ada.editor.focus();
  await press('ç');
  await expect(chat.panel).toBeHidden();
  await press('c');
  await expect(chat.panel).toBeVisible();
});

test('what is written without a line is kept, and goes out once', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  const line = await lineOf(ada);
  const [hers, his] = await both(ada, ben, id);
  await hers.say('before');
  await expect(his.row('before')).toBeVisible();
  await line.cut();
  await expect(hers.panel.getByRole('status').filter({ hasText: 'Offline' })).toBeVisible();
  await hers.say('meanwhile');
  await expect(hers.panel.getByText('Not sent: no connection.')).toBeVisible();
  await his.say('from Ben');
  // Who leaves would lose it, and is asked.
  const asked = ada.page.waitForEvent('dialog');
  await ada.page.evaluate(() => { setTimeout(() => location.assign('/')); });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  // Asked while the line is still cut: once it is back the page tries by itself, and the button may be gone.
  await hers.panel.getByRole('button', { name: 'Retry' }).click();
  await expect(hers.panel.getByText('Not sent: no connection.')).toBeVisible();
  await expect(his.row('meanwhile')).toHaveCount(0);
  line.mend();
  await expect(his.row('meanwhile')).toBeVisible(BACK_WITHIN);
  await expect(hers.row('meanwhile')).toBeVisible();
  await expect(hers.row('from Ben')).toBeVisible();
  await expect(hers.panel.getByText('Not sent')).toHaveCount(0);
  for (const chat of [hers, his]) await expect(chat.log.getByRole('article')).toHaveCount(3);
});

test('people here are offered after an @, and lines of the note are links', async ({ ada, ben, note }) => {
  const [hers, his] = await both(ada, ben, await note.make('one\ntwo\nthree\n'));
  // Who is here is told a moment after they come, and looked for with the next letter.
  const offered = hers.panel.getByRole('listbox', { name: 'People here' }).getByRole('option', { name: 'Ben' });
  await expect(async () => {
    await hers.message.fill('');
    await hers.message.pressSequentially('see @b');
    await expect(offered).toHaveAttribute('aria-selected', 'true', { timeout: 500 });
  }).toPass();
  await hers.message.press('Enter');
  await expect(hers.message).toHaveValue('see @Ben ');

  await ada.editor.focus();
  await ada.page.keyboard.press('Control+Home');
  await ada.page.keyboard.press('ArrowDown');
  await hers.panel.getByRole('button', { name: 'Link to the line of the caret' }).click();
  await expect(hers.message).toHaveValue(/^see @Ben L2 ?$/);
  await hers.message.press('Enter');
  await his.row('see @Ben L2').getByRole('button', { name: 'L2' }).click();
  await expect(ben.editor).toBeFocused();
  await ben.page.keyboard.type('>');
  await ben.reads('one\n>two\nthree\n');
});

test('a screen reader hears what comes, and what was before is read when one likes', async ({ ada, ben, note }) => {
  const [hers, his] = await both(ada, ben, await note.make('# Plans\n'));
  await expect(hers.log).toHaveAttribute('aria-live', 'polite');
  await expect(hers.panel.getByRole('group', { name: 'Messages' })).toBeVisible();
  await his.say('hello');
  await expect(hers.row('hello')).toHaveCount(1);
  await expect(hers.log, 'it may be spoken').not.toHaveAttribute('aria-busy', 'true');
  // The author is in each message, also where the eye has them from the one before.
  await his.say('again');
  await expect(hers.row('again')).toContainText('Ben');
  await expect(hers.button).toHaveAttribute('aria-expanded', 'true');
});

test('old messages load upward, and one jumps back to the latest', async ({ ada, ben, note, server }) => {
  const id = await note.make('# Plans\n');
  const [hers, his] = await both(ada, ben, id);
  // One person may not say so much at once.
  for (let talker = 0; talker < 6; talker += 1) {
    const socket = await Listener.join(server, `/chat/note-${id}`, { person: new Writer(`Guest ${talker}`) });
    for (let number = talker * 10 + 1; number <= talker * 10 + 10; number += 1) {
      socket.ask({ type: 'say', id: `m${number}`, text: `message ${number}.` });
    }
    await socket.until(() => socket.all('message').length === 10, 'its messages to be kept');
    socket.vanish();
  }
  await expect(hers.row('message 60.')).toBeVisible();
  await ada.page.reload();
  await ada.isSaved();
  await hers.open();
  await expect(hers.row('message 60.')).toBeInViewport();
  await expect(hers.row('message 2.')).toHaveCount(0);
  await hers.panel.getByRole('group', { name: 'Messages' }).evaluate((scroll) => scroll.scrollTo(0, 0));
  await expect(hers.row('message 2.')).toHaveCount(1);
  await hers.panel.getByRole('group', { name: 'Messages' }).evaluate((scroll) => scroll.scrollTo(0, 0));
  await his.say('one more');
  await expect(hers.row('one more')).toHaveCount(1);
  await expect(hers.row('one more')).not.toBeInViewport();
  await hers.panel.getByRole('button', { name: /^Jump to latest/ }).click();
  await expect(hers.row('one more')).toBeInViewport();
});

test('a room is made, found again, and kept in order by who made it', async ({ ada, ben }) => {
  await ada.page.goto('/chat');
  await expect(ada.page.getByText('No rooms yet. Make one, and share its link.')).toBeVisible();
  await ada.page.getByRole('textbox', { name: 'New room' }).fill('Tea & cake');
  await ada.page.getByRole('button', { name: 'Make room' }).click();
  await expect(ada.page).toHaveURL(/\/chat\/tea-cake/);
  await expect(ada.page.getByRole('heading', { name: 'Tea & cake' })).toBeVisible();
  const [hers, his] = [new Chat(ada), new Chat(ben)];
  await ben.page.goto(new URL(ada.page.url()).pathname);
  await his.say('hello');
  await hers.choose('hello', 'Mute for 10 minutes');
  await expect(his.panel.getByText(/^You can't write here until/)).toBeVisible();
  await hers.choose('hello', 'Let write again');
  await expect(his.panel.getByText(/^You can't write here until/)).toBeHidden();
  await hers.choose('hello', 'Delete');
  await expect(his.row('Message deleted')).toBeVisible();
  await ada.page.goto('/chat');
  await expect(ada.page.getByRole('link', { name: 'Tea & cake' })).toBeVisible();
});

test('on a phone the chat is a sheet over the note', async ({ arrive, note }) => {
  const ada = await arrive({ name: 'Ada', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ada.open(await note.make('# Plans\n'));
  const chat = new Chat(ada);
  await chat.button.tap();
  await expect(chat.message).toBeFocused();
  const box = await chat.panel.boundingBox();
  expect(box?.width).toBeCloseTo(390);
  expect(await ada.page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBe(390);
  await chat.panel.getByRole('button', { name: 'Close the chat' }).tap();
  await expect(chat.panel).toBeHidden();
});

// A zip of Markdown files becomes notes: each with a word on it, whatever is in it.

import { zipOf, type Packed } from '../zip';
import { expect, test, type Person } from './fixtures';

async function bring({ page }: Person, name: string, buffer: Buffer) {
  await page.getByLabel('Import Markdown files').setInputFiles([{ name, mimeType: 'application/zip', buffer }]);
}

const lines = ({ page }: Person) => page.getByRole('list', { name: 'Import' }).getByRole('listitem');

test('a zip of notes becomes notes, in nested folders too, called as their files are', async ({ ada }) => {
  await ada.page.goto('/');
  await bring(ada, 'vault.zip', zipOf([
    { path: 'Ideas.md', text: 'First words, see [[Größe 🙂]].\r\n' },
    { path: 'deep/er/Größe 🙂.MARKDOWN', text: '- [ ] one\r- two', stored: true },
    { path: 'deep/Named.md', text: '# By its heading\n' },
    { path: 'deep/', text: '' },
    { path: 'deep/photo.png', text: 'no' },
    { path: 'script.js', text: 'no' },
    { path: '__MACOSX/._Ideas.md', text: 'no' },
    { path: '.obsidian/notes.md', text: 'no' },
    { path: './here/Beside.md', text: 'Beside.' },
  ], 'a comment with PK\x05\x06 in it'));
  await expect(lines(ada)).toHaveText([
    /^vault\.zip\s*4 of 4 imported; 2 other files were left out$/,
    /^Ideas\.md\s*Imported$/,
    /^deep\/er\/Größe 🙂\.MARKDOWN\s*Imported$/,
    /^deep\/Named\.md\s*Imported$/,
    /^\.\/here\/Beside\.md\s*Imported$/,
  ]);
  await lines(ada).getByRole('link', { name: 'Größe' }).click();
  await expect(ada.title).toHaveValue('Größe 🙂');
  await ada.reads('- [ ] one\n- two');
  await ada.page.goBack();
  await expect(async () => {
    await ada.page.goto('/');
    for (const title of ['Ideas', 'Größe 🙂', 'By its heading']) {
      await expect(ada.page.getByRole('link', { name: new RegExp(`^${title}`) })).toBeVisible({ timeout: 500 });
    }
  }).toPass();
});

test('what is exported is what is imported again', async ({ ada }) => {
  await ada.page.goto('/');
  await bring(ada, 'export.zip', zipOf([{ path: 'account.json', text: '{}' }, { path: 'notes/Plan.md', text: '# Plan\n' }, { path: 'trash/Old.md', text: '# Old\n' }]));
  await expect(lines(ada).first()).toHaveText(/2 of 2 imported; 1 other file was left out$/);
});

test('what is wrong with a file in a zip is said of that file', async ({ ada }) => {
  const letters = Buffer.alloc(30 << 20, 'a');
  const files: Packed[] = [
    { path: 'bomb.md', text: letters, length: 10 },
    { path: 'large.md', text: letters },
    { path: 'locked.md', text: 'secret', flags: 0x801 },
    { path: 'strange.md', text: 'packed', method: 14 },
    { path: 'changed.md', text: 'text', sum: 1 },
    { path: 'broken.md', text: 'not packed', stored: true, method: 8 },
    { path: 'bytes.md', text: Buffer.from([0x61, 0xff, 0xfe]) },
    { path: 'good.md', text: 'good' },
  ];
  await ada.page.goto('/');
  await bring(ada, 'odd.zip', zipOf(files));
  await expect(lines(ada)).toHaveText([
    /^odd\.zip\s*1 of 8 imported$/,
    /^bomb\.md\s*Not imported: it is longer than a note may be\. Split it\.$/,
    /^large\.md\s*Not imported: it is longer than a note may be\. Split it\.$/,
    /^locked\.md\s*Not imported: it is locked with a password\.$/,
    /^strange\.md\s*Not imported: it is packed in a way that is not known here\.$/,
    /^changed\.md\s*Not imported: it is damaged in the zip\.$/,
    /^broken\.md\s*Not imported: it is damaged in the zip\.$/,
    /^bytes\.md\s*Send the text as UTF-8/,
    /^good\.md\s*Imported$/,
  ]);
  ada.forgive(/400/);
});

test('what is no zip is said to be none', async ({ ada }) => {
  const whole = zipOf([{ path: 'a.md', text: 'a' }, { path: 'b.md', text: 'b' }]);
  const cut = Buffer.from(whole.subarray(0, whole.length - 30));
  const elsewhere = Buffer.from(whole);
  elsewhere.writeUInt32LE(0x7fffffff, elsewhere.length - 6);
  const many = Buffer.from(whole);
  many.writeUInt16LE(60_000, many.length - 12);
  await ada.page.goto('/');
  for (const bytes of [Buffer.from('# No zip'), Buffer.alloc(0), cut, elsewhere, many]) {
    await bring(ada, 'no.zip', bytes);
    await expect(lines(ada).last()).toHaveText(/^no\.zip\s*The zip could not be read: it is broken, or no zip\.$/);
  }
  await expect(lines(ada)).toHaveCount(5);
  await bring(ada, 'empty.zip', zipOf([{ path: 'a.txt', text: 'a' }]));
  await expect(lines(ada).last()).toHaveText(/There is no \.md file in it$/);
});

test('a zip of two hundred notes is through', async ({ ada }) => {
  test.slow();
  await ada.page.goto('/');
  await bring(ada, 'many.zip', zipOf(Array.from({ length: 200 }, (_, n) => ({ path: `notes/${n}.md`, text: `# Note ${n}\n` }))));
  await expect(lines(ada).first()).toHaveText(/200 of 200 imported$/, { timeout: 150_000 });
});

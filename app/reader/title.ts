// What the note is called: in the page, unless it is being typed there, and in the
// browser's tab, where what is unread stands before it.

const SUFFIX = " · Tandem";

/** The page says what stands before the title, for the app changes both as well
    (`app/src/tab_title.rs`). */
const page = document.documentElement.dataset;

export function showTitle(words: string) {
  showTab(page.unread ?? "", words + SUFFIX);
  const text = document.querySelector(".title-text");
  if (text) text.textContent = words;
  const field = document.querySelector<HTMLInputElement>("#title");
  if (!field) return;
  const untouched = field.value === field.defaultValue;
  field.defaultValue = words;
  if (untouched || document.activeElement !== field) field.value = words;
}

/** `count` is empty when there is nothing to read. */
export function showUnread(count: string) {
  showTab(count && `(${count}) `, document.title.slice(page.unread?.length));
}

function showTab(unread: string, title: string) {
  page.unread = unread;
  const whole = unread + title;
  if (document.title !== whole) document.title = whole;
}

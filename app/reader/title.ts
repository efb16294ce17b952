// What the note is called: in the page, unless it is being typed there, and in the
// browser's tab, where what is unread stands before it.

const SUFFIX = " · Tandem";
let title = document.title;
let unread = "";

export function showTitle(words: string) {
  title = words + SUFFIX;
  showTab();
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
  unread = count && `(${count}) `;
  showTab();
}

function showTab() {
  const whole = unread + title;
  if (document.title !== whole) document.title = whole;
}

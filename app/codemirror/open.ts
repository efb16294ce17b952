/** What may stand between `[[` and the caret while a title is typed. */
export const OPEN = /\[\[[^[\]|\n]{0,100}$/;

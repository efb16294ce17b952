// What is told apart in code; `app/style/code.css` has a colour for each.

export const GROUPS = ["keyword", "string", "number", "comment", "title", "type", "name", "attr", "meta", "added", "deleted"] as const;

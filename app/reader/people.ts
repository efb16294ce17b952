// Who is here, as faces and as a list, where the app's will be; as in
// `app/src/people.rs`.

interface Participant { person: string; name: string; colour: number; access: string }

const FACES = 6;
const COLOURS = 8;
const RIGHTS: Record<string, string> = { view: "can view", comment: "can comment", suggest: "can suggest", edit: "can edit", own: "owner" };

export class People {
  /** Who reads this page. */
  me = "";

  /** `place` holds the button with the faces, the list, and what is spoken. */
  constructor(readonly place: HTMLElement) {}

  show(people: Participant[]) {
    const mineFirst = [...people.filter(({ person }) => person === this.me), ...people.filter(({ person }) => person !== this.me)];
    const count = people.length;
    const faces = mineFirst.slice(0, FACES).map(face);
    if (count > FACES) faces.push(element("span", "face face-more", `+${count - FACES}`));
    if (count > 1) faces.push(element("span", "face face-count", `${count}`));
    const button = this.place.querySelector<HTMLElement>(".faces");
    button?.replaceChildren(...faces);
    const words = inWords(count);
    if (button) button.ariaLabel = words;
    this.place.querySelector("ul")?.replaceChildren(...mineFirst.map((person) => {
      const row = document.createElement("li");
      const name = person.person === this.me ? `${person.name} (you)` : person.name;
      row.append(face(person), " ", element("span", "person-name", name), " ", element("span", "person-right", RIGHTS[person.access] ?? ""));
      return row;
    }));
    const spoken = this.place.querySelector("[role=status]");
    const said = count > 1 ? words : "";
    if (spoken && spoken.textContent !== said) spoken.textContent = said;
  }
}

function face({ name, colour }: Participant): HTMLElement {
  const palette = colour >= 0 && colour < COLOURS ? colour : 0;
  const drawn = element("span", `face person-${palette}`, initials(name));
  drawn.title = name;
  drawn.ariaHidden = "true";
  return drawn;
}

function initials(name: string): string {
  const words = name.replace(/^Guest /, "").split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0]).join("");
}

function inWords(count: number): string {
  if (count === 0) return "Nobody yet here";
  return count === 1 ? "Only you are here" : `${count} people are here`;
}

function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// Who leads the others, as `app/src/lead.rs` has it: it is said, with a button that
// follows. Following is the app's.

/** Who leads, and from which of their pages. */
interface Lead { client: number; person: string; name: string; colour: number }

interface Here { person: string; clients: number[] }

export class Leader {
  #lead: Lead | null = null;
  #people: Here[] = [];

  constructor(readonly place: HTMLElement | null) {}

  lead(lead: Lead | null) {
    this.#lead = lead;
    this.#show();
  }

  people(people: Here[]) {
    this.#people = people;
    this.#show();
  }

  #show() {
    const item = this.place?.querySelector<HTMLElement>(".leader-item");
    const words = item?.querySelector("p");
    if (!item || !words) return;
    const lead = this.#lead;
    // It counts as long as the page that leads is here.
    const leads = lead && this.#people.some(({ person, clients }) => person === lead.person && clients.includes(lead.client));
    const said = leads ? `${lead.name} leads.` : "";
    if (words.textContent === said) return;
    words.textContent = said;
    item.hidden = !said;
    item.className = `news-item leader-item person-${lead?.colour ?? 0}`;
  }
}

// Many come at the same moment to a note that nobody has open, each with a word: it is
// one document, and has them all.

import { isClean } from '../ledger.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { objects } from '../wire/storage.mjs';
import { Company } from './company.mjs';

/** Opens a cold note so many times: what is wrong with it, and how many objects it has. */
export async function coldOpens(server, { rounds, clients, below }) {
  const found = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = (await objects(server)).length;
    const { id } = await makeNote(server, { markdown: 'cold ' });
    // Nothing of it is in memory any more.
    await server.kill();
    await server.start();
    const company = new Company(server, id, below);
    try {
      company.ledger.write('nobody', 'cold');
      await company.come(clients);
      company.members.forEach((member) => member.type());
      await company.agree();
      const wrong = company.ledger.wrong(await source(server, id));
      const made = (await objects(server)).length - before;
      found.push({ round, wrong, objects: made, words: company.ledger.counts.written });
    } finally {
      company.leave();
    }
  }
  return found;
}

export async function run(wanted) {
  const server = await startServer();
  try {
    const found = await coldOpens(server, wanted);
    return {
      figures: {
        'first opens at once': wanted.clients,
        rounds: wanted.rounds,
        documents: found.map(({ objects: made }) => made).join(' '),
        words: found.map(({ words }) => words).join(' '),
      },
      failures: {
        wrong: found.filter(({ wrong }) => !isClean(wrong)),
        'more than one document': found.filter(({ objects: made }) => made !== 1),
      },
    };
  } finally {
    await server.stop();
  }
}

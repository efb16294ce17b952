// In step (`app/reader/step.ts`), without a page and without a wire: several pages
// and a room that orders what they say, in seeded random orders. When all has
// arrived, one page at most presents, and who goes along shows what it presents.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Steps } from '../../app/reader/step.ts';
import { random, seed } from '../random.mjs';

const LIVES = 2_000;
const PAGES = 3;
const SLIDES = 6;
const TURNS = 60;

/** A room with the one signal, as SPEC.md has it: G2, G4 and G5. */
class Room {
  value = null;
  holder = null;

  set(page, value) {
    this.value = value;
    this.holder = value === null ? null : page.socket;
  }

  leaves(socket) {
    if (this.holder !== socket) return false;
    [this.value, this.holder] = [null, null];
    return true;
  }
}

/** A page of slides: what it shows, and what is under way to it and from it. */
class Page {
  at = 0;
  socket = {};
  up = [];
  down = [];

  constructor(number) {
    this.steps = new Steps(number);
  }

  do({ show, tell }) {
    if (show !== undefined) this.at = show;
    if (tell !== undefined) this.up.push(tell);
  }
}

function live(chance) {
  const [room, pages] = [new Room(), Array.from({ length: PAGES }, (_, number) => new Page(number))];
  const tellAll = () => pages.forEach(({ down }) => down.push(room.value));
  const deliverUp = (page) => {
    if (page.up.length === 0) return;
    room.set(page, page.up.shift());
    tellAll();
  };
  const deliverDown = (page) => {
    if (page.down.length > 0) page.do(page.steps.heard(page.down.shift()));
  };
  const reconnect = (page) => {
    // Sometimes the room notices that the old socket is gone only afterwards.
    const [old, late] = [page.socket, chance(2) === 0];
    [page.up, page.down, page.socket] = [[], [], {}];
    if (!late && room.leaves(old)) tellAll();
    page.down = room.value === null ? [] : [room.value];
    page.do(page.steps.opened(page.at));
    if (late) {
      while (page.up.length > 0) deliverUp(page);
      if (room.leaves(old)) tellAll();
    }
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = pages[chance(PAGES)];
    switch (chance(12)) {
      case 0: page.do(page.steps.present(!page.steps.presenting, page.at)); break;
      case 1: case 2: page.do(page.steps.turn(chance(SLIDES))); break;
      case 3: page.do(page.steps.join()); break;
      case 4: reconnect(page); break;
      case 5: case 6: case 7: deliverUp(page); break;
      default: deliverDown(page);
    }
  }
  while (pages.some(({ up, down }) => up.length + down.length > 0)) pages.forEach((page) => { deliverUp(page); deliverDown(page); });
  return { room, pages };
}

describe('Pages of slides', () => {
  test(`agree on who presents what, in ${LIVES} lives`, () => {
    let presented = 0;
    for (let life = 0; life < LIVES; life += 1) {
      const from = seed + life;
      const { room, pages } = live(random(from));
      const seen = JSON.stringify({ from, value: room.value, pages: pages.map(({ at, steps }) => [at, steps]) });
      const presenters = pages.filter(({ steps }) => steps.presenting);
      assert.equal(presenters.length, room.value === null ? 0 : 1, seen);
      for (const page of pages) {
        assert.equal(page.steps.presented, room.value?.at ?? null, seen);
        if (room.value !== null && page.steps.inStep) assert.equal(page.at, room.value.at, seen);
      }
      presenters.forEach(({ socket }) => assert.equal(room.holder, socket, seen));
      presented += presenters.length;
    }
    assert.ok(presented > LIVES / 10, `somebody presented at the end of ${presented}`);
  });
});

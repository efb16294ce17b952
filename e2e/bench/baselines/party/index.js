// Yjs in a Durable Object as `y-partyserver` has it, with its defaults: it applies and
// passes on, renders nothing, and stores nothing unless one writes that oneself.

import { routePartykitRequest } from 'partyserver';
import { YServer } from 'y-partyserver';

export class Party extends YServer {}

export default {
  async fetch(request, env) {
    return (await routePartykitRequest(request, env)) ?? new Response('well');
  },
};

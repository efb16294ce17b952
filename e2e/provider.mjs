// A provider of accounts (OpenID Connect) within the test process: certified code,
// and one page of ours, where whoever types a name is that person.

import { once } from 'node:events';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const PAGE = `<!DOCTYPE html><title>Provider</title><link rel="icon" href="data:,">
<form method="post"><label>Who are you? <input name="who"></label> <button>Go on</button></form>`;

/**
 * Starts a provider that sends people back to these addresses. `seen` is what was
 * asked of it.
 * @param {{ clientId: string, secret: string, callbacks: string[], port: number }} wanted
 */
export async function startProvider({ clientId, secret, callbacks, port }) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: clientId,
      client_secret: secret,
      redirect_uris: callbacks,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    cookies: { keys: ['of the test alone'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/who/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the provider`, email: `${id}@example.org` }),
    }),
    // Nobody is asked whether they want this.
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const seen = [];
  const answer = provider.callback();
  const server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', issuer);
    seen.push(address);
    if (!address.pathname.startsWith('/who/')) return answer(request, response);
    if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(PAGE);
    let form = '';
    for await (const chunk of request) form += chunk;
    const accountId = new URLSearchParams(form).get('who');
    await provider.interactionFinished(request, response, { login: { accountId } });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    issuer,
    seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

// The resource provider: its login page, which approves every user at once through the gateway's authorize-client call.
import http from 'node:http';

export const settings = JSON.parse(process.env.EDGEAUTH_TEST);

export async function startProvider() {
  const server = http.createServer(async (request, response) => {
    const asked = new URL(request.url, 'http://provider').searchParams;
    const answer = await fetch(`${settings.gateway}/${settings.api}/tyk/oauth/authorize-client/`, {
      method: 'POST',
      headers: { 'X-Tyk-Authorization': settings.secret },
      body: new URLSearchParams([...asked, ['key_rules', settings.rules]]),
    });
    const approved = await answer.json();
    response.writeHead(answer.ok ? 302 : 500, answer.ok ? { Location: approved.redirect_to } : {});
    response.end(JSON.stringify(approved));
  });
  await new Promise(resolve => server.listen(settings.providerPort, '127.0.0.1', resolve));
  return server;
}

// Follows the browser's way from the authorization endpoint over the login page to the client's redirect URI.
export async function followToCallback(url) {
  for (let hops = 0; hops < 5; hops++) {
    const response = await fetch(url, { redirect: 'manual' });
    const location = response.headers.get('location');
    if (!location) throw new Error(`no redirect from ${url}: ${response.status} ${await response.text()}`);
    if (location.startsWith(settings.redirectUri)) return new URL(location);
    url = new URL(location, url);
  }
  throw new Error('too many redirects');
}

export function assert(condition, message) {
  if (!condition) throw new Error(message);
}

export async function callApi(token) {
  const response = await fetch(`${settings.gateway}/${settings.api}/items`, { headers: { Authorization: `Bearer ${token}` } });
  return response.status;
}

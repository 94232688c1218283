// simple-oauth2: code, client credentials, refresh, revoke, with credentials in the header and in the body.
import { AuthorizationCode, ClientCredentials } from 'simple-oauth2';
import { assert, callApi, followToCallback, settings, startProvider } from './provider.mjs';

const configuration = (authorizationMethod, paths) => ({
  client: { id: settings.clientId, secret: settings.clientSecret },
  auth: {
    tokenHost: settings.gateway,
    tokenPath: `/${settings.api}/oauth/token`,
    ...paths,
  },
  options: { authorizationMethod },
});

const userPaths = { authorizePath: `/${settings.api}/oauth/authorize`, revokePath: `/${settings.api}/oauth/revoke` };

const provider = await startProvider();
try {
  for (const method of ['header', 'body']) {
    const code = new AuthorizationCode(configuration(method, userPaths));
    const callback = await followToCallback(code.authorizeURL({ redirect_uri: settings.redirectUri, state: 'opaque' }));
    assert(callback.searchParams.get('state') === 'opaque', 'the state comes back');
    let token = await code.getToken({ code: callback.searchParams.get('code'), redirect_uri: settings.redirectUri });
    assert(!token.expired(), 'the token is fresh');
    assert(await callApi(token.token.access_token) === 200, `${method}: the token passes`);

    const before = token.token.access_token;
    token = await token.refresh();
    assert(await callApi(before) === 401, `${method}: the old token is refused`);
    assert(await callApi(token.token.access_token) === 200, `${method}: the new token passes`);

    await token.revokeAll();
    assert(await callApi(token.token.access_token) === 401, `${method}: the revoked token is refused`);

    const own = await new ClientCredentials(configuration(method, {})).getToken({ scope: 'read' });
    assert(await callApi(own.token.access_token) === 200, `${method}: the client's own token passes`);
  }
  console.log('ok');
} finally {
  provider.close();
}

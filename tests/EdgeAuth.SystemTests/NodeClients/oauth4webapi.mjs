// oauth4webapi: code with PKCE, refresh, client credentials, revoke; its own validation of every answer is on.
import * as oauth from 'oauth4webapi';
import { assert, followToCallback, settings, startProvider } from './provider.mjs';

const insecure = { [oauth.allowInsecureRequests]: true };
const base = `${settings.gateway}/${settings.api}/oauth`;
const server = {
  issuer: `${settings.gateway}/${settings.api}`,
  authorization_endpoint: `${base}/authorize`,
  token_endpoint: `${base}/token`,
  revocation_endpoint: `${base}/revoke`,
};
const client = { client_id: settings.clientId };
const authentication = oauth.ClientSecretBasic(settings.clientSecret);
const call = async token => {
  const response = await oauth.protectedResourceRequest(token, 'GET', new URL(`${settings.gateway}/${settings.api}/items`), undefined, undefined, insecure).catch(error => error.response ?? Promise.reject(error));
  return response.status;
};

const provider = await startProvider();
try {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: settings.redirectUri,
    scope: 'read write',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const callback = await followToCallback(url);
  const parameters = oauth.validateAuthResponse(server, client, callback, state);
  const exchanged = await oauth.processAuthorizationCodeResponse(server, client,
    await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, settings.redirectUri, verifier, insecure));
  assert(exchanged.scope === 'read write', `scope ${exchanged.scope}`);
  assert(await call(exchanged.access_token) === 200, 'the token passes');

  const refreshed = await oauth.processRefreshTokenResponse(server, client,
    await oauth.refreshTokenGrantRequest(server, client, authentication, exchanged.refresh_token, insecure));
  assert(refreshed.refresh_token !== exchanged.refresh_token, 'the refresh token is rotated');
  assert(await call(exchanged.access_token) === 401, 'the old token is refused');
  assert(await call(refreshed.access_token) === 200, 'the new token passes');

  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, refreshed.access_token, insecure));
  assert(await call(refreshed.access_token) === 401, 'the revoked token is refused');

  const own = await oauth.processClientCredentialsResponse(server, client,
    await oauth.clientCredentialsGrantRequest(server, client, authentication, new URLSearchParams({ scope: 'read' }), insecure));
  assert(await call(own.access_token) === 200, 'the client\'s own token passes');

  const replay = await oauth.refreshTokenGrantRequest(server, client, authentication, exchanged.refresh_token, insecure);
  const failure = await oauth.processRefreshTokenResponse(server, client, replay).then(() => null, error => error);
  assert(failure instanceof oauth.ResponseBodyError && failure.error === 'invalid_grant', `replay: ${failure}`);
  console.log('ok');
} finally {
  provider.close();
}

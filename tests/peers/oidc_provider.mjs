// The certified OpenID provider with its own development pages for logging in: node oidc_provider.mjs JSON
// It takes a free port; the first line is READY and the port.
import * as crypto from 'node:crypto'
import http from 'node:http'
import { Provider } from 'oidc-provider'

const [said = '{}'] = process.argv.slice(2)
const set = { accessTtl: 900, refreshTtl: 90 * 86400, rotates: false, nonce: false, role: 'volunteer', ...JSON.parse(said) }
const server = http.createServer()
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const { port } = server.address()
const issuer = `http://127.0.0.1:${port}`
const audience = 'urn:bnhelper:intake'

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'bnhelper',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/signed-in'],
  }],
  cookies: { keys: ['tests'] },
  scopes: ['openid', 'offline_access', 'intake'],
  claims: { openid: ['sub', 'name'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  rotateRefreshToken: () => set.rotates,
  issueRefreshToken: async (_ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  ttl: { AccessToken: () => set.accessTtl, RefreshToken: () => set.refreshTtl, DeviceCode: 600, Session: 600, Grant: 86400, Interaction: 600, IdToken: 600 },
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, name: `Người dùng ${id}` }) }),
  extraTokenClaims: (_ctx, token) => ({ bn_role: set.role, bn_unit: '09208', name: `Người dùng ${token.accountId}` }),
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    dPoP: { enabled: true, nonceSecret: set.nonce ? crypto.randomBytes(32) : undefined, requireNonce: () => set.nonce },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: 'intake', audience, accessTokenTTL: set.accessTtl, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
})
server.on('request', provider.callback())
console.log('READY', port)

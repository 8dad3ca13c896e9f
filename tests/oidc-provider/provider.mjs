// A certified OpenID provider for the tests, on a free port of this machine. It says on its first line where it is, and
// ends when its standard input ends, so that it never outlives the test that started it.
//
// Arguments: the redirect URI and the secret of the client `lienthong`. Whoever types a name and any password is that person.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [redirectUri, secret] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'lienthong',
        client_secret: secret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true, methods: ['S256'] },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@hatinh.example`, email_verified: true }),
    }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

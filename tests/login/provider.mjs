// An OpenID provider for a test, as its makers ship it: prints the port it listens on, and knows two
// clients. Whoever signs in as NAME is NAME@a.example; an address is verified unless NAME begins
// with "un".
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [, , redirectUri, secret] = process.argv;
const client = (id) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [redirectUri],
  response_types: ["code"],
  grant_types: ["authorization_code"],
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client("sillage"), client("another")],
    cookies: { keys: ["of a test"] },
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    pkce: { required: () => true, methods: ["S256"] },
    findAccount: (context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@a.example`,
        email_verified: !id.startsWith("un"),
      }),
    }),
  });
  server.on("request", provider.callback());
  console.log(`listening ${issuer}`);
});

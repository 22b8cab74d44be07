// A real identity provider for one test. It prints the port on which it listens, and ends when its input ends.
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const [callback] = process.argv.slice(2);
const keys = await Promise.all(
  ["RS256", "ES256", "EdDSA"].map(async (alg) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(pair.privateKey)), alg, use: "sig", kid: `key of ${alg}` };
  }),
);
const client = (id, alg, others) => ({
  client_id: id,
  redirect_uris: [callback],
  grant_types: ["authorization_code"],
  response_types: ["code"],
  id_token_signed_response_alg: alg,
  ...others,
});
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [
      client("annals-with-secret", "RS256", { client_secret: "a secret: with signs" }),
      client("annals-with-es256", "ES256", { token_endpoint_auth_method: "none" }),
      client("annals-public", "EdDSA", { token_endpoint_auth_method: "none" }),
    ],
    claims: { openid: ["sub"], annals: ["roles", "logs"] },
    scopes: ["openid", "annals"],
    conformIdTokenClaims: false,
    cookies: { keys: ["of this test only"] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, roles: ["auditor", "offline_access"], logs: ["main"] }),
    }),
    jwks: { keys },
  });
  server.on("request", provider.callback());
  console.log(port);
});
process.stdin.resume().on("end", () => process.exit());

import { generateKeyPairSync, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An OpenID provider that asks nobody anything: whoever comes is maria, with the roles that were told to it. */
export interface IdentityProvider {
  readonly issuer: string;
  stop(): void;
}

/** Starts one, which knows a client of this name. */
export async function startProvider(client: string, roles: readonly string[]): Promise<IdentityProvider> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nonces = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    if (url.pathname === "/.well-known/openid-configuration") return answer(response, document());
    if (url.pathname === "/keys") return answer(response, { keys: [publicKey.export({ format: "jwk" })] });
    if (url.pathname === "/authorize") return sendBack(url.searchParams, response);
    let form = "";
    request.on("data", (part: Buffer) => {
      form += part.toString();
    });
    request.on("end", () => answer(response, { id_token: token(new URLSearchParams(form).get("code") ?? "") }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const document = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
  });

  /** The browser goes back with a code, for which the server then gets a token (OpenID Connect Core section 3.1). */
  function sendBack(asked: URLSearchParams, response: ServerResponse) {
    const code = `code-${nonces.size}`;
    nonces.set(code, asked.get("nonce") ?? "");
    const back = new URL(asked.get("redirect_uri") ?? issuer);
    back.search = new URLSearchParams({ code, state: asked.get("state") ?? "" }).toString();
    response.writeHead(302, { location: back.href }).end();
  }

  function token(code: string): string {
    const expires = Math.floor(Date.now() / 1_000) + 600;
    const claims = {
      iss: issuer,
      aud: client,
      sub: "maria",
      nonce: nonces.get(code),
      exp: expires,
      roles,
      logs: ["main"],
    };
    const signed = `${encoded({ alg: "EdDSA" })}.${encoded(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
  }

  return { issuer, stop: () => server.close() };
}

function answer(response: ServerResponse, document: unknown) {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
}

/** A port of this machine on which nothing listens at present. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

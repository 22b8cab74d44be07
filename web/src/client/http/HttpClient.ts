import type { AnnalsClient, LogClient } from "../AnnalsClient";
import type { Caller, LogSummary, WaysIn } from "../types";
import { HttpLogClient } from "./HttpLogClient";
import { withParameters } from "./query";
import { Requests } from "./request";

/** The log that stands behind addresses without a name. */
export const MAIN_LOG = "main";

/** Asks the server that served this page. */
export class HttpClient implements AnnalsClient {
  private readonly requests = new Requests();

  async caller(): Promise<Caller> {
    const caller = await this.requests.json<Caller>("/v1/me");
    this.requests.csrfToken = caller.csrfToken;
    return caller;
  }

  waysIn(): Promise<WaysIn> {
    return this.requests.json<WaysIn>("/session");
  }

  async signIn(credential: { token: string } | { code: string }): Promise<void> {
    await this.requests.text("/session", "application/json", { method: "POST", body: credential });
  }

  async signOut(): Promise<void> {
    await this.requests.text("/session", "application/json", { method: "DELETE" });
    this.requests.csrfToken = null;
  }

  providerAddress(returnTo: string): string {
    return withParameters("/session/sign-in", { returnTo });
  }

  async logs(): Promise<readonly LogSummary[]> {
    const { items } = await this.requests.json<{ items: readonly LogSummary[] }>("/v1/logs");
    return items;
  }

  log(name: string): LogClient {
    const isMain = name === MAIN_LOG;
    const roots = {
      api: isMain ? "/v1" : `/v1/logs/${encodeURIComponent(name)}`,
      tiles: isMain ? "" : `/logs/${encodeURIComponent(name)}`,
    };
    return new HttpLogClient(name, this.requests, roots);
  }
}

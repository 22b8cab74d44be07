import { readAnswer } from "@/json/read";
import { Problem } from "../problem";

/** Members of answers that are kept as they were written: producers' values and states. */
const VERBATIM: ReadonlySet<string> = new Set(["state", "old", "new", "value", "payload"]);

/** The header that shows the server that a page of its own asks, and not one that borrows its cookie. */
const CSRF_HEADER = "x-csrf-token";

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  /** A body that is JSON already, and is sent as somebody wrote it. */
  readonly text?: string;
  /** Whether the answer holds producers' values or states whose digits matter. */
  readonly reading?: "plain" | "verbatim";
}

/** Asks one server over HTTP; the browser adds the session's cookie. */
export class Requests {
  /** Given by the server with the session. */
  csrfToken: string | null = null;

  async json<T>(address: string, options: RequestOptions = {}): Promise<T> {
    const text = await this.text(address, "application/json", options);
    return (options.reading === "verbatim" ? readAnswer(text, VERBATIM) : JSON.parse(text)) as T;
  }

  async text(address: string, accept: string, options: RequestOptions = {}): Promise<string> {
    const response = await this.send(address, accept, options);
    if (!response.ok) throw await problemOf(response);
    return response.text();
  }

  private async send(address: string, accept: string, options: RequestOptions): Promise<Response> {
    const { method = "GET", body } = options;
    const text = options.text ?? (body === undefined ? null : JSON.stringify(body));
    const headers = new Headers({ accept });
    if (text !== null) headers.set("content-type", "application/json");
    if (method !== "GET" && this.csrfToken !== null) headers.set(CSRF_HEADER, this.csrfToken);
    try {
      return await fetch(address, { method, headers, credentials: "same-origin", body: text });
    } catch {
      throw Problem.unreachable();
    }
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = new Problem(`http-${response.status}`, response.statusText || "Refused", undefined, response.status);
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return fallback;
  const body = (await response.json()) as { code?: string; title?: string; detail?: string };
  return new Problem(body.code ?? fallback.code, body.title ?? fallback.title, body.detail, response.status);
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's Chromium; a test tool's own download of a browser is not assumed. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });

/** A page, and everything that it complained of: errors, and what the content security policy refused. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Addresses that were asked outside of the page's own server. */
  readonly strangers: readonly string[];
}

export async function openPage(
  browser: Browser,
  address: string,
  { theme = "light", width = 1440 }: { theme?: "light" | "dark"; width?: number } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, baseURL: address });
  await context.addInitScript((chosen) => localStorage.setItem("annals.theme", chosen), theme);
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("blob:")) strangers.push(request.url());
  });
  return { page, complaints, strangers };
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe finds serious or critical, a line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the test tool, which the page's policy does not concern.
  await page.evaluate(AXE);
  const result = (await page.evaluate("axe.run(document)")) as AxeResult;
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
    );
}

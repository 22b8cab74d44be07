// Starts `annals demo`, and a browser that its link signs in.
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";

const PROGRAM = process.env.ANNALS_PROGRAM ?? new URL("../../target/release/annals", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A running demonstration: its address, the link that signs in once, and what ends it. */
export async function startDemo() {
  const demo = spawn(PROGRAM, ["demo", "--format", "json"], { stdio: ["ignore", "pipe", "inherit"] });
  const greeting = await new Promise((found, failed) => {
    let said = "";
    demo.once("error", failed);
    demo.once("exit", (status) => failed(new Error(`annals demo ended with ${status}`)));
    demo.stdout.on("data", (part) => {
      said += part;
      try {
        found(JSON.parse(said));
      } catch {
        // The document is not whole yet.
      }
    });
  });
  const stop = async () => {
    demo.kill("SIGINT");
    await new Promise((ended) => demo.once("exit", ended));
  };
  return { address: greeting.address, link: greeting.signIn, stop };
}

export const openBrowser = () =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });

/** Signs a fresh context of a browser in, and gives back what it remembers, for other contexts. */
export async function signIn(browser, link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole("button", { name: "You are visitor" }).waitFor();
  const kept = await context.storageState();
  await context.close();
  return kept;
}

/**
 * Chromium without a window: a page that is asked over the developer tools' protocol.
 */

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { DevTools } from "./devtools.js";
import { start } from "./process.js";

/** The page's origin, which no network knows: what is loaded from it is a file beside this one. */
const ORIGIN = "https://assize.invalid/";
const SOURCES = fileURLToPath(new URL("..", import.meta.url));

const FLAGS = [
  "--headless",
  "--remote-debugging-pipe",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
];

/** @returns {Promise<import("../front.js").Peer>} */
export async function open(/** @type {string} */ program) {
  const directory = profile();
  const flags = [...FLAGS, `--user-data-dir=${directory}`];
  // Chromium's sandbox refuses root.
  if (process.getuid?.() === 0) flags.push("--no-sandbox");
  const stdio = /** @type {const} */ (["ignore", "ignore", "ignore", "pipe", "pipe"]);
  const child = start("chromium", program, flags, [...stdio]);
  process.on("exit", () => clear(directory));
  const tools = new DevTools(child.stdio[3], child.stdio[4]);
  const { product } = await tools.send("Browser.getVersion");
  const ask = await page(tools);
  return { name: product.replace(/^.*\//, "chromium "), ask };
}

/**
 * A directory for what Chromium writes, with the process's number in its name: what an adapter
 * that was killed leaves behind, the next one clears away.
 */
function profile() {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^assize-chromium-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) clear(join(tmpdir(), name));
  }
  const made = join(tmpdir(), `assize-chromium-${process.pid}`);
  mkdirSync(made, { recursive: true });
  return made;
}

/** Removes a directory, as far as a browser that is ending lets it. */
function clear(/** @type {string} */ directory) {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    process.stderr.write(`${directory} stays: ${/** @type {Error} */ (error).message}\n`);
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Opens the page with the session, and gives a way to ask it. */
async function page(/** @type {DevTools} */ tools) {
  const { targetId } = await tools.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await tools.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => tools.send(method, params, sessionId);
  tools.on("Fetch.requestPaused", ({ requestId, request }) => serve(send, requestId, request.url));
  await send("Fetch.enable", { patterns: [{ urlPattern: `${ORIGIN}*` }] });
  await send("Page.enable");
  const loaded = new Promise((resolve) => tools.on("Page.loadEventFired", resolve));
  await send("Page.navigate", { url: `${ORIGIN}hosts/page.html` });
  await loaded;
  return async (request) => {
    const expression = `answer(${JSON.stringify(request)})`;
    const reply = await send("Runtime.evaluate", { expression, awaitPromise: true });
    if (reply.exceptionDetails) throw new Error(`chromium: ${JSON.stringify(reply.exceptionDetails)}`);
    return JSON.parse(reply.result.value);
  };
}

/** Gives the page a file of ours. */
async function serve(send, requestId, url) {
  const path = url.slice(ORIGIN.length);
  const type = path.endsWith(".js") ? "text/javascript" : "text/html";
  const file = await readFile(join(SOURCES, path)).catch(() => undefined);
  await send("Fetch.fulfillRequest", {
    requestId,
    responseCode: file ? 200 : 404,
    responseHeaders: [{ name: "content-type", value: type }],
    body: (file ?? Buffer.of()).toString("base64"),
  });
}

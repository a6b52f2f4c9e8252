/**
 * workerd, the runtime of Cloudflare Workers: a worker that is asked by POST.
 *
 * The worker is a durable object, since requests to one object share what runs, and a call that
 * is open must go on in a later request. The object's functions and modules come by way of an
 * `unsafeEval` binding, as a worker makes neither by itself.
 */

import { spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { start } from "./process.js";

const CONFIG = fileURLToPath(new URL("workerd.capnp", import.meta.url));

/** @returns {Promise<import("../front.js").Peer>} */
export async function open(/** @type {string} */ program) {
  const args = ["serve", CONFIG, "--experimental", "--control-fd=3"];
  const child = start("workerd", program, args, ["ignore", "ignore", "inherit", "pipe"]);
  const url = `http://127.0.0.1:${await portOf(child.stdio[3])}/`;
  return {
    name: spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.trim(),
    ask: async (request) => {
      const response = await fetch(url, { method: "POST", body: JSON.stringify(request) });
      if (!response.ok) throw new Error(`workerd: ${await response.text()}`);
      return response.json();
    },
  };
}

/** The port that workerd says it listens on. */
async function portOf(control) {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return port;
  }
  throw new Error("workerd does not listen");
}

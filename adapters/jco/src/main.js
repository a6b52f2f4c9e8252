/**
 * The adapter's process: one JSON object a line in, one out.
 */

import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { prepare } from "./bindings.js";
import { Failure } from "./failure.js";
import { Front } from "./front.js";
import { open } from "./hosts.js";
import { usePackagesOf } from "./packages.js";

/** The response to a line. */
async function respond(/** @type {Front} */ front, /** @type {string} */ line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch {
    const failure = new Failure("usage", "the line is no JSON");
    return { response: { id: null, failure }, last: false };
  }
  const answer = await front.answer(request);
  return { response: { id: request.id ?? null, ...answer }, last: request.method === "bye" };
}

const { values: options } = parseArgs({
  options: {
    packages: { type: "string" },
    host: { type: "string", default: "node" },
    program: { type: "string" },
  },
});
if (options.packages !== undefined) usePackagesOf(options.packages);
const [peer] = await Promise.all([open(options.host, options.program), prepare()]);
const front = new Front(peer);
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === "") continue;
  const { response, last } = await respond(front, line);
  process.stdout.write(`${JSON.stringify(response)}\n`);
  if (last) break;
}
process.exit(0);

/**
 * The adapter's process: one JSON object a line in, one out.
 */

import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { prepare } from "./bindings.js";
import { Failure, failureOf } from "./failure.js";
import { usePackagesOf } from "./packages.js";
import { Session } from "./session.js";

const session = new Session();
process.on("unhandledRejection", (error) => session.noteStray(error));
process.on("uncaughtException", (error) => session.noteStray(error));

/** The response to a line. */
async function respond(/** @type {string} */ line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch {
    const failure = new Failure("usage", "the line is no JSON");
    return { response: { id: null, failure }, last: false };
  }
  const answer = await session.answer(request).then(
    (ok) => ({ ok }),
    (error) => ({ failure: failureOf(error) }),
  );
  const events = session.takeEvents();
  const response = { id: request.id ?? null, ...answer, ...(events.length > 0 && { events }) };
  return { response, last: request.method === "bye" };
}

const { values: options } = parseArgs({ options: { packages: { type: "string" } } });
if (options.packages !== undefined) usePackagesOf(options.packages);
await prepare();
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === "") continue;
  const { response, last } = await respond(line);
  process.stdout.write(`${JSON.stringify(response)}\n`);
  if (last) break;
}
process.exit(0);

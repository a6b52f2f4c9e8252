/**
 * What a host that has Node's interfaces runs: a session that is asked and answers in lines.
 */

import { createInterface } from "node:readline";

import { Session } from "../session.js";
import { tellStrays } from "./strays.js";

const session = new Session();
tellStrays(session);
const write = (/** @type {object} */ answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const { deno, bun, node } = process.versions;
write({ version: deno ?? bun ?? node });
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  write(await session.answer(JSON.parse(line)));
}
process.exit(0);

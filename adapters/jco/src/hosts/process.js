/**
 * A host in a process of its own, which is asked and answers in lines.
 */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const LINES = fileURLToPath(new URL("lines.js", import.meta.url));

/**
 * Starts a program that runs `lines.js`.
 *
 * @param {string} name
 * @param {string} program
 * @param {string[]} args what stands before the file
 * @returns {Promise<import("../front.js").Peer>}
 */
export async function openProcess(name, program, args) {
  const child = start(name, program, [...args, LINES], ["pipe", "pipe", "inherit"]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value);
  const { version } = await answer();
  return {
    name: `${name} ${version}`,
    ask: (request) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
  };
}

/**
 * Starts a host's process. The adapter ends with it, and it with the adapter.
 *
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").StdioOptions} stdio
 */
export function start(name, program, args, stdio) {
  const child = spawn(program, args, { stdio });
  const lost = (/** @type {string} */ how) => {
    process.stderr.write(`${name} is lost: ${how}\n`);
    process.exit(1);
  };
  child.on("error", (error) => lost(error.message));
  child.on("exit", (code, signal) => lost(signal ?? `it ended with status ${code}`));
  process.on("exit", () => child.kill("SIGKILL"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
  return child;
}

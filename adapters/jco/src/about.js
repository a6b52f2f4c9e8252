/**
 * Who the adapter is and what it has.
 */

import { jcoVersion } from "./packages.js";

const PROTOCOL = 1;

/** What is declared here works; README.md says what does not, and why. */
const CAPABILITIES = [
  "async",
  "async-builtins",
  "concurrent-calls",
  "host.trace",
  "host.pending",
  "host.streams",
  "host.give",
  "host.futures",
  "host.resources",
];

/** The answer to `hello`, on a host of this name and version. */
export const about = (/** @type {string} */ host) => ({
  name: "jco",
  version: `${jcoVersion()} (${host})`,
  protocol: PROTOCOL,
  capabilities: CAPABILITIES,
  forms: ["component"],
  match_messages: "class",
});

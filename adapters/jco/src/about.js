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
  "host.resources",
];

/** The answer to `hello`. */
export const about = () => ({
  name: "jco",
  version: `${jcoVersion()} (node ${process.versions.node})`,
  protocol: PROTOCOL,
  capabilities: CAPABILITIES,
  forms: ["component"],
  match_messages: "class",
});

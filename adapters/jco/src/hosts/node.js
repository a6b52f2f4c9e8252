/**
 * Node: this process.
 */

import { Session } from "../session.js";
import { tellStrays } from "./strays.js";

/** @returns {import("../front.js").Peer} */
export function open() {
  const session = new Session();
  tellStrays(session);
  return {
    name: `node ${process.versions.node}`,
    ask: (request) => session.answer(request),
  };
}

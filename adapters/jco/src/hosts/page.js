/**
 * What the page in Chromium runs: a session that is asked by calls of `answer`.
 */

import { Session } from "../session.js";
import { tellStraysOfWeb } from "./strays.js";

const session = new Session();
tellStraysOfWeb(session);
Object.assign(globalThis, {
  answer: async (/** @type {object} */ request) => JSON.stringify(await session.answer(request)),
});

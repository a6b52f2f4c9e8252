/**
 * Bun: a process that speaks in lines, as it has Node's interfaces.
 */

import { openProcess } from "./process.js";

export const open = (/** @type {string} */ program) => openProcess("bun", program, ["run"]);

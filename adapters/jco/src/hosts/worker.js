/**
 * What workerd runs: a session that is asked by POST.
 */

import { DurableObject } from "cloudflare:workers";

import { makeWith } from "../platform.js";
import { Session } from "../session.js";
import { tellStraysOfWeb } from "./strays.js";

/** Sends everything to the one object. */
export default {
  fetch: (request, env) => env.SESSIONS.get(env.SESSIONS.idFromName("only")).fetch(request),
};

export class SessionObject extends DurableObject {
  #session = new Session();

  constructor(state, env) {
    super(state, env);
    makeWith({
      evaluate: (names, body) => env.MAKE.newFunction(body, "generated", ...names),
      compile: (bytes) => env.MAKE.newWasmModule(bytes),
    });
    tellStraysOfWeb(this.#session);
  }

  async fetch(request) {
    return Response.json(await this.#session.answer(await request.json()));
  }
}

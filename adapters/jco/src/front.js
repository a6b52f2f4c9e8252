/**
 * The front: what of the protocol is done before the JavaScript host is asked.
 *
 * Bindings are generated here, in Node, whatever the host: all hosts run the same code. The host
 * has a session, which does the rest.
 */

import { readFile } from "node:fs/promises";

import { about } from "./about.js";
import { generate } from "./bindings.js";
import { failureOf, unsupported, usage } from "./failure.js";

/**
 * What is said to a request.
 * @typedef {{ok?: any, failure?: object, events?: object[]}} Answer
 */

/**
 * A JavaScript host with a session in it, by its name and version.
 * @typedef {{name: string, ask: (request: Record<string, any>) => Promise<Answer>}} Peer
 */

export class Front {
  #peer;

  /** @param {Peer} peer */
  constructor(peer) {
    this.#peer = peer;
  }

  /**
   * Answers a request.
   *
   * @param {Record<string, any>} request
   * @returns {Promise<Answer>}
   * @throws where the host is lost
   */
  async answer(request) {
    switch (request.method) {
      case "hello":
        return this.#hello(request);
      case "load":
        return this.#load(request);
      default:
        return this.#peer.ask(request);
    }
  }

  async #hello(request) {
    const { ok, ...rest } = await this.#peer.ask(request);
    if (!ok) return rest;
    const missing = `${this.#peer.name} has no JSPI (\`WebAssembly.Suspending\`), which jco's code waits with`;
    return ok.jspi ? { ok: about(this.#peer.name) } : { failure: unsupported("jspi", missing) };
  }

  async #load({ wasm, path, ...request }) {
    try {
      const bytes = await bytesOf(wasm, path);
      const definition = isComponent(bytes)
        ? await generate(bytes)
        : { module: bytes.toString("base64") };
      return await this.#peer.ask({ ...request, definition });
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }
}

/** The bytes of a definition: base64, or in a file. */
async function bytesOf(wasm, path) {
  if (typeof wasm === "string") return Buffer.from(wasm, "base64");
  if (typeof path !== "string") throw usage("neither `path` nor `wasm`");
  try {
    return await readFile(path);
  } catch (error) {
    throw usage(`cannot read ${path}: ${/** @type {Error} */ (error).message}`);
  }
}

/** The header tells components by their layer. */
const isComponent = (/** @type {Uint8Array} */ bytes) => bytes.length >= 8 && bytes[6] === 1;

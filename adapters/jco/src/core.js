/**
 * Core modules, which the engine runs without jco. They are there to be imported: calls of them
 * are not what this adapter is for.
 */

import { Failure, describe } from "./failure.js";
import { compile } from "./platform.js";

/** Whether bytes begin as a component or core module does. */
export const isBinary = (/** @type {Uint8Array} */ wasm) =>
  wasm.length >= 4 && wasm[0] === 0 && wasm[1] === 0x61 && wasm[2] === 0x73 && wasm[3] === 0x6d;

/** A compiled core module. */
export class CoreDefinition {
  constructor(module) {
    this.module = module;
  }

  static load(/** @type {string} */ base64) {
    const wasm = Uint8Array.fromBase64(base64);
    try {
      return new CoreDefinition(compile(wasm));
    } catch (error) {
      throw new Failure(isBinary(wasm) ? "invalid" : "malformed", describe(error));
    }
  }

  /** @param {Map<string, unknown>} given instances by name */
  instantiate(given) {
    const imports = {};
    for (const { module } of WebAssembly.Module.imports(this.module)) {
      const instance = given.get(module);
      if (instance instanceof CoreInstance) imports[module] = instance.exports;
    }
    try {
      return new CoreInstance(new WebAssembly.Instance(this.module, imports));
    } catch (error) {
      const unlinked = error instanceof WebAssembly.LinkError || error instanceof TypeError;
      throw unlinked ? new Failure("unlinkable", describe(error)) : error;
    }
  }
}

/** An instance of a core module, and what it exports. */
export class CoreInstance {
  constructor(instance) {
    this.exports = instance.exports;
  }
}

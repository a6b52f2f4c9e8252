/**
 * Core modules, which the engine runs without jco. They are there to be imported: calls of them
 * are not what this adapter is for.
 */

import { isBinary } from "./bindings.js";
import { Failure, describe } from "./failure.js";

/** A compiled core module. */
export class CoreDefinition {
  constructor(module) {
    this.module = module;
  }

  static load(/** @type {Uint8Array} */ wasm) {
    try {
      return new CoreDefinition(new WebAssembly.Module(wasm));
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

/**
 * Core modules, which the engine runs without jco.
 */

import { Failure, describe, usage } from "./failure.js";

export class CoreDefinition {
  constructor(module) {
    this.module = module;
  }

  static load(/** @type {Uint8Array} */ wasm) {
    try {
      return new CoreDefinition(new WebAssembly.Module(wasm));
    } catch (error) {
      throw new Failure("invalid", describe(error));
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

export class CoreInstance {
  constructor(instance) {
    this.exports = instance.exports;
  }

  call(request) {
    const func = this.exports[request.export];
    if (typeof func !== "function") throw usage(`no exported function \`${request.export}\``);
    throw usage("core calls");
  }

  global(name) {
    throw usage(`no exported global \`${name}\``);
  }
}

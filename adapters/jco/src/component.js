/**
 * Components: their definitions and instances.
 */

import { Failure, describe } from "./failure.js";
import { compile, evaluate } from "./platform.js";

/**
 * Evaluates a generated module without importing it: an imported module is never given back,
 * and costs two megabytes.
 */
const EVALUATED_WITH = ["WebAssembly", "setTimeout", "setInterval", "clearTimeout", "clearInterval"];

/** A component that jco has generated bindings for. */
export class ComponentDefinition {
  #evaluate;
  #modules;

  constructor(evaluate, modules, imports) {
    this.#evaluate = evaluate;
    this.#modules = modules;
    /** The names by which jco looks up what the component imports. */
    this.imports = imports;
  }

  /** @param {import("./bindings.js").Bindings} bindings */
  static load({ source, modules, imports }) {
    const compiled = modules.map(([name, module]) => [name, compiledModule(name, module)]);
    return new ComponentDefinition(evaluator(source), new Map(compiled), imports);
  }

  /**
   * Makes an instance.
   *
   * @param {Record<string, any>} imports by the names of [`imports`](#imports)
   * @param {import("./store.js").Store} store
   * @returns {Promise<Record<string, any>>} its exports
   */
  async instantiate(imports, store) {
    const { WebAssembly, timers } = store.globals();
    const instantiate = this.#evaluate(
      WebAssembly,
      timers.setTimeout,
      timers.setInterval,
      timers.clearTimeout,
      timers.clearInterval,
    );
    return await instantiate(
      (name) => this.#modules.get(name),
      imports,
      (module, coreImports) => new WebAssembly.Instance(module, coreImports),
    );
  }
}

/**
 * Compiles a core module that jco gave.
 *
 * jco leaves the validation of function bodies to the engine. So a module that the engine refuses
 * makes the component invalid, if it stands in the component as it is; one that jco made itself
 * is jco's fault.
 */
function compiledModule(name, { bytes, isOwn }) {
  try {
    return compile(Uint8Array.fromBase64(bytes));
  } catch (error) {
    if (isOwn) throw new Failure("invalid", describe(error));
    throw new Failure("exception", `the engine refuses ${name}, which jco made: ${describe(error)}`);
  }
}

/** A function that evaluates generated code and gives its `instantiate`. */
function evaluator(source) {
  const body = source
    .replace(/^[ ]*export (?=(?:function instantiate|const _util)\b)/gm, "")
    .replaceAll("import.meta.url", "undefined");
  try {
    return evaluate(EVALUATED_WITH, `"use strict";\n${body}\nreturn instantiate;`);
  } catch (error) {
    throw new Failure("exception", `jco generated code that does not parse: ${describe(error)}`);
  }
}

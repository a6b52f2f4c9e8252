/**
 * A session: the methods of the protocol and what they refer to, in the JavaScript host.
 */

import { ComponentDefinition } from "./component.js";
import { CoreDefinition, CoreInstance } from "./core.js";
import { Failure, failureOf, unsupported, usage } from "./failure.js";
import { HostWorld } from "./host.js";
import { findFunction } from "./names.js";
import { Store } from "./store.js";
import { Handles, fromJs, toJs } from "./values.js";

/** How long a request may take where it does not say. */
const DEFAULT_TIMEOUT = 60_000;

/**
 * How long the store's clock runs after a call has begun before it counts as blocked: four of
 * jco's longest polls.
 */
const SETTLING = 40;

/** How long it runs at the most for a call that does not block, but yields again and again. */
const SETTLING_LIMIT = 400;

/**
 * A call of an export that has begun.
 * @typedef {{store: Store, done: boolean, outcome: unknown, failure: Failure | undefined}} Call
 */

export class Session {
  #definitions = [];
  #instances = [];
  /** @type {Call[]} */
  #calls = [];
  #names = new Map();
  #handles = new Handles();
  #store = new Store();
  #host = this.#newHost();

  #newHost() {
    const store = this.#store;
    return new HostWorld(this.#handles, () => store.noteActivity());
  }

  /** Notes an exception that reached nobody. */
  noteStray(/** @type {unknown} */ error) {
    this.#store.noteStray(error);
  }

  /**
   * Answers a request, whatever happens.
   *
   * @param {Record<string, any>} request
   * @returns {Promise<import("./front.js").Answer>}
   */
  async answer(request) {
    const answer = await this.#serve(request).then(
      (ok) => ({ ok }),
      (error) => ({ failure: failureOf(error) }),
    );
    const events = this.#host.takeEvents();
    return { ...answer, ...(events.length > 0 && { events }) };
  }

  /**
   * @param {Record<string, any>} request
   * @returns {Promise<unknown>}
   * @throws {Failure}
   */
  async #serve(request) {
    const deadline = Date.now() + (request.timeout_ms ?? DEFAULT_TIMEOUT);
    switch (request.method) {
      case "hello":
        return { jspi: typeof WebAssembly.Suspending === "function" };
      case "load":
        return { definition: this.#definitions.push(load(request.definition)) - 1 };
      case "instantiate":
        return { instance: this.#instances.push(await this.#instantiate(request, deadline)) - 1 };
      case "register":
        this.#names.set(request.name, this.#instance(request.instance));
        return {};
      case "call":
        return this.#call(request, deadline);
      case "await":
        return { outcome: await this.#finish(this.#begun(request.call), deadline) };
      case "get":
        throw unsupported("core values");
      case "reset":
        this.#reset();
        return {};
      case "cancel":
        throw unsupported("call-cancel", "jco has no way to cancel a call of an export");
      case "bye":
        return {};
      default:
        throw unsupported(`method ${request.method}`);
    }
  }

  #reset() {
    this.#store.end();
    this.#store = new Store();
    this.#definitions = [];
    this.#instances = [];
    this.#calls = [];
    this.#names = new Map();
    this.#handles = new Handles();
    this.#host = this.#newHost();
  }

  #instance(number) {
    return known(this.#instances, number, "instance");
  }

  /** @returns {Call} */
  #begun(number) {
    return known(this.#calls, number, "call");
  }

  async #instantiate(request, deadline) {
    const definition = known(this.#definitions, request.definition, "definition");
    const given = new Map(this.#names);
    for (const [name, number] of Object.entries(request.imports ?? {})) {
      given.set(name, this.#instance(number));
    }
    if (definition instanceof CoreDefinition) return definition.instantiate(given);
    const host = this.#host.imports(request.host ?? [], request.resources ?? []);
    const imports = this.#imports(definition, given, host);
    return this.#make(definition, imports, deadline);
  }

  /** What a component's imports are satisfied with. */
  #imports(definition, given, host) {
    const imports = {};
    for (const name of definition.imports) {
      if (host.has(name)) {
        imports[name] = host.get(name);
        continue;
      }
      const instance = given.get(name);
      if (!instance) throw new Failure("unlinkable", `nothing is given for the import \`${name}\``);
      if (instance instanceof CoreInstance) {
        throw new Failure("unlinkable", `\`${name}\` is an instance of a core module`);
      }
      imports[name] = instance;
    }
    return imports;
  }

  async #make(definition, imports, deadline) {
    const store = this.#store;
    /** @type {Call} */
    const making = { store, done: false, outcome: undefined, failure: undefined };
    settle(making, definition.instantiate(imports, store));
    return this.#finish(making, deadline);
  }

  async #call(request, deadline) {
    const instance = this.#instance(request.instance);
    if (instance instanceof CoreInstance) throw unsupported("core values");
    const call = this.#begin(instance, request);
    const number = this.#calls.push(call) - 1;
    if (request.wait ?? true) {
      return { call: number, outcome: await this.#finish(call, deadline) };
    }
    const how = await call.store.runUntil(() => call.done, deadline, SETTLING, SETTLING_LIMIT);
    const refusal = this.#host.takeRefusal();
    if (refusal) throw refusal;
    if (how !== "held") return { call: number, outcome: null };
    return { call: number, outcome: await this.#finish(call, deadline) };
  }

  /** @returns {Call} */
  #begin(instance, request) {
    const name = request.export;
    const func = findFunction(instance, name);
    if (!func) throw usage(`no exported function \`${name}\``);
    const types = request.params ?? [];
    const given = request.args ?? [];
    // A function of jco's has as many parameters as its type; one that we made of a method may not.
    const taken = name.includes("[") ? types.length : func.length;
    if (taken !== types.length || taken !== given.length) {
      throw usage(`\`${name}\` takes ${taken} arguments, ${given.length} given`);
    }
    const args = types.map((type, at) => toJs(type, given[at], this.#handles));
    const handles = this.#handles;
    const call = { store: this.#store, done: false, outcome: undefined, failure: undefined };
    call.store.noteActivity();
    settle(call, returned(func, args, request.result ?? null, handles));
    return call;
  }

  /** Lets a call run to its end and gives its outcome. */
  async #finish(/** @type {Call} */ call, deadline) {
    const how = await call.store.runUntil(() => call.done, deadline);
    const stray = call.store.takeStray();
    const refusal = this.#host.takeRefusal();
    if (refusal) throw refusal;
    if (call.failure) throw call.failure;
    if (stray) throw stray;
    if (how === "timeout") throw new Failure("timeout", "the time is over");
    if (how === "idle") throw this.#stuck();
    return call.outcome;
  }

  /**
   * The failure of a call that nothing can go on for. It is a deadlock where the host could still
   * do something; where it could not, jco should have told of the deadlock and has lost the call.
   */
  #stuck() {
    return this.#host.isAwaited
      ? new Failure("deadlock", "nothing can go on unless the host does something")
      : new Failure("timeout", "jco has lost the call: it hangs, and no guest code will run again");
  }
}

/** What a request's number refers to. */
function known(held, number, kind) {
  if (!Number.isInteger(number) || number < 0 || number >= held.length) {
    throw usage(`no ${kind} ${JSON.stringify(number)}`);
  }
  return held[number];
}

/** Notes how a promise ends. */
function settle(call, promise) {
  promise.then(
    (value) => {
      call.outcome = value;
      call.done = true;
    },
    (error) => {
      call.failure = failureOf(error);
      call.done = true;
    },
  );
}

/**
 * Calls an exported function. Where its result is a `result`, jco gives the payload of `ok` and
 * throws that of `error` in a `ComponentError`.
 */
async function returned(func, args, type, handles) {
  const fallible = type?.result;
  if (!fallible) {
    const value = await func(...args);
    return { returned: type === null ? [] : [fromJs(type, value, handles)] };
  }
  const [ok, error] = fallible;
  const payload = (carried, value) => (carried === null ? null : fromJs(carried, value, handles));
  let value;
  try {
    value = await func(...args);
  } catch (thrown) {
    if (thrown?.constructor?.name !== "ComponentError") throw thrown;
    return { returned: [{ error: payload(error, thrown.payload) }] };
  }
  return { returned: [{ ok: payload(ok, value) }] };
}

/** What the front made of the bytes, as a definition. */
const load = (definition) =>
  "module" in definition ? CoreDefinition.load(definition.module) : ComponentDefinition.load(definition);

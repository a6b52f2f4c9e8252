/**
 * The host world `assize:host`: what a guest orders, done with what jco lets a host do.
 *
 * jco gives an import its arguments and takes a value or a promise; a host's streams are objects
 * that jco pulls from, and a guest's are objects that a host reads. What cannot be done with
 * that is in the list of what is missing, and in README.md with its reason.
 */

import { unsupported } from "./failure.js";
import { ReadableFuture, WritableFuture } from "./futures.js";
import { lowerCamel, upperCamel, withoutVersion } from "./names.js";
import { ReadableEnd, WritableEnd } from "./streams.js";
import { fromJs, isNumeric } from "./values.js";

/** The instance that a component imports the host world as, where no function tells. */
const WORLD = "assize:host/world@0.1.0";

/** Which capability a verb needs that this adapter does not have. */
const MISSING = [
  [/^(?:stubborn|acknowledge)$/, "host.stubborn"],
  [/^(?:unstarted|start)$/, "host.unstarted"],
  [/^future-cancel$/, "host.futures that are cancelled"],
  [/^stream-cancel$/, "host.stream-cancel"],
  [/^(?:stream|future)-(?:hold|release)$/, "host.hold"],
];

/** All verbs. A function's name is a verb, or begins with one and a hyphen. */
const VERBS = [
  "trace", "echo", "pending", "stubborn", "acknowledge", "unstarted", "start", "resolve",
  ...["new", "take", "give", "read", "write", "cancel", "drop", "hold", "release"].flatMap(
    (action) => [`stream-${action}`, `future-${action}`],
  ),
  "resource-new", "resource-rep", "resource-take",
];

/**
 * A function of the host world as the harness describes it.
 * @typedef {{instance: string, name: string, async: boolean, params: [string, any][],
 *   result: any}} HostFunction
 */

/** The host world of one session. */
export class HostWorld {
  #handles;
  #onActivity;
  /** @type {object[]} */
  #events = [];
  /** Pending calls in the order in which they came. */
  #pending = [];
  /** @type {Map<number, ReadableEnd | WritableEnd | ReadableFuture | WritableFuture>} */
  #ends = new Map();
  #refusal;

  /**
   * @param {import("./values.js").Handles} handles
   * @param {() => void} onActivity told of each call and each copy
   */
  constructor(handles, onActivity) {
    this.#handles = handles;
    this.#onActivity = onActivity;
  }

  /** The events since the last time. */
  takeEvents() {
    return this.#events.splice(0);
  }

  /** What a guest ordered and this host cannot do, since the last time. */
  takeRefusal() {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    return refusal;
  }

  #refuse(/** @type {string} */ feature) {
    this.#refusal ??= unsupported(feature);
  }

  /** Whether a guest may be waiting for something that only the host can do. */
  get isAwaited() {
    return this.#pending.length > 0 || this.#ends.size > 0;
  }

  /**
   * The imports that are functions and resource types of the host world, by the names that jco
   * looks them up by.
   *
   * @param {HostFunction[]} functions
   * @param {string[]} resources
   * @returns {Map<string, Record<string, any>>}
   */
  imports(functions, resources) {
    const classes = new Map(resources.map((name) => [name, this.#resourceClass(name)]));
    const instances = new Map();
    const named = (name) => {
      const key = withoutVersion(name);
      if (!instances.has(key)) instances.set(key, {});
      return instances.get(key);
    };
    for (const described of functions) {
      named(described.instance)[lowerCamel(described.name)] = this.#func(described, classes);
    }
    const home = functions[0]?.instance ?? WORLD;
    for (const [name, type] of classes) named(home)[upperCamel(name)] = type;
    return instances;
  }

  #event(event) {
    this.#events.push(event);
    this.#onActivity();
  }

  /** A resource type: jco disposes of an object of it when the guest drops its handle. */
  #resourceClass(name) {
    const world = this;
    return class {
      constructor(rep) {
        this.rep = rep;
        this.isTaken = false;
      }
      [Symbol.dispose]() {
        if (!this.isTaken) world.#event({ dropped: name, rep: this.rep });
      }
    };
  }

  /** What jco calls for a function. */
  #func(described, classes) {
    const verb = verbOf(described.name);
    const missing = MISSING.find(([verbs]) => verbs.test(verb));
    if (missing) throw unsupported(/** @type {string} */ (missing[1]));
    const action = this.#action(verb, described, classes);
    const types = described.params.map(([, type]) => type);
    return (...args) => {
      const shown = types.map((type, at) => fromJs(type, args[at], this.#handles));
      this.#event({ call: described.name, args: shown });
      return action(...args);
    };
  }

  #action(verb, described, classes) {
    const { params, result } = described;
    switch (verb) {
      case "trace":
        return () => undefined;
      case "echo":
        return (value) => give(result, value);
      case "pending":
        return (token) => this.#hold(token, result);
      case "resolve":
        return (token, value) => this.#resolve(token, params[1]?.[1] ?? null, value);
      case "resource-new":
        return (rep) => new (classes.get(nameOf(result, "own")))(rep);
      case "resource-rep":
        return (object) => object.rep;
      case "resource-take":
        return (object) => {
          object.isTaken = true;
          return object.rep;
        };
      default: {
        const [channel, action] = verb.split("-");
        return channel === "stream"
          ? this.#streamAction(action, described)
          : this.#futureAction(action, described);
      }
    }
  }

  #streamAction(action, { params, result }) {
    const ended = (event) => this.#event(event);
    switch (action) {
      case "new":
        return (token) => {
          const end = new WritableEnd(token, ended);
          this.#ends.set(token, end);
          return end.source();
        };
      case "take": {
        const element = params[1][1].stream ?? null;
        const show = (value) => fromJs(element, value, this.#handles);
        return (token, stream) => {
          const end = new ReadableEnd(token, stream, element && show, isNumeric(element), ended);
          this.#ends.set(token, end);
        };
      }
      case "give":
        return (token) => this.#give(token, ReadableEnd, (end) => end.isIdle).stream;
      case "read":
        return (token, count) => {
          if (count === 0) this.#refuse("host.zero-length");
          else this.#end(token, ReadableEnd)?.read(count);
        };
      case "write":
        return (token, given) => {
          const values = typeof given === "number" ? Array(given).fill(null) : Array.from(given);
          if (values.length === 0) this.#refuse("host.zero-length");
          else this.#end(token, WritableEnd)?.write(values);
        };
      default:
        return (token) => {
          this.#ends.get(token)?.drop();
          this.#ends.delete(token);
        };
    }
  }

  #futureAction(action, { params }) {
    const ended = (event) => this.#event(event);
    switch (action) {
      case "new":
        return (token) => {
          const end = new WritableFuture(token, ended);
          this.#ends.set(token, end);
          return end.source();
        };
      case "take": {
        const type = params[1][1].future ?? null;
        const show = (value) => fromJs(type, value, this.#handles);
        return (token, future) => {
          this.#ends.set(token, new ReadableFuture(token, future, type && show, ended));
        };
      }
      case "give":
        return (token) => this.#give(token, ReadableFuture, (end) => !end.isRead).source();
      case "read":
        return (token) => this.#end(token, ReadableFuture)?.read();
      case "write":
        return (token, value) => this.#end(token, WritableFuture)?.write(value);
      default:
        // A writable end is spent or stays, and so is a readable one that was read.
        return (token) => {
          if (this.#end(token, ReadableFuture)?.isRead === false) {
            this.#refuse("host.futures that are dropped");
          }
        };
    }
  }

  /**
   * Lets a readable end go, which the guest gets.
   *
   * @template T
   * @param {number} token
   * @param {new (...args: any[]) => T} kind
   * @param {(end: T) => boolean} mayGo
   * @returns {T}
   */
  #give(token, kind, mayGo) {
    const end = this.#end(token, kind);
    if (!end || !mayGo(end)) {
      throw new WebAssembly.RuntimeError("the host holds no readable end of that token");
    }
    this.#ends.delete(token);
    return end;
  }

  /**
   * @template T
   * @param {number} token
   * @param {new (...args: any[]) => T} kind
   * @returns {T | undefined}
   */
  #end(token, kind) {
    const end = this.#ends.get(token);
    return end instanceof kind ? end : undefined;
  }

  #hold(token, type) {
    return new Promise((resolve, reject) => {
      const settle = (value) => {
        try {
          resolve(give(type, value));
        } catch (error) {
          reject(error);
        }
      };
      this.#pending.push({ token, type: JSON.stringify(type ?? null), settle });
    });
  }

  #resolve(token, type, value) {
    const wanted = JSON.stringify(type);
    const at = this.#pending.findIndex((call) => call.token === token && call.type === wanted);
    if (at >= 0) this.#pending.splice(at, 1)[0].settle(value);
  }
}

/** The verb that a function's name begins with: the longest, as `start` begins others. */
function verbOf(name) {
  const fitting = VERBS.filter((verb) => name === verb || name.startsWith(`${verb}-`));
  const verb = fitting.sort((a, b) => b.length - a.length)[0];
  if (verb === undefined) throw unsupported(`host function ${name}`);
  return verb;
}

/** The name in `{"own": name}`. */
const nameOf = (type, kind) => type?.[kind];

/** jco takes the payload of an `ok` as a result, and that of an `error` as an exception. */
function give(type, value) {
  if (!type?.result) return value;
  if (value.tag === "ok") return value.val;
  throw Object.assign(new Error("the host's error"), { payload: value.val });
}

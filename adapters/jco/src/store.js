/**
 * A store: what generated code runs in, and how the adapter lets it run.
 *
 * Generated code gets timers and a `WebAssembly` of the store's own. The timers run only while a
 * request waits. The `WebAssembly` is the engine's, but notes each time that guest code is
 * entered or resumed. So the adapter knows when nothing can go on: no timer is left, or jco has
 * only polled for a long time of the store's clock and no guest code has run.
 */

import { Clock } from "./clock.js";
import { failureOf } from "./failure.js";
import { compile, turn } from "./platform.js";

/**
 * How long the store's clock runs without guest code before nothing is expected any more, in
 * milliseconds. jco's own polls come every 1 and every 10 of them.
 */
const PATIENCE = 500;

export class Store {
  #activity = 0;
  /** @type {unknown[]} */
  #strays = [];
  #clock = new Clock((error) => this.noteStray(error));

  /** What generated code finds under these names. */
  globals() {
    return { WebAssembly: this.#webAssembly(), timers: this.#clock.globals() };
  }

  /** Notes that something happened that a guest or the host can see. */
  noteActivity() {
    this.#activity += 1;
  }

  /** Notes an exception that reached nobody. */
  noteStray(/** @type {unknown} */ error) {
    this.#strays.push(error);
  }

  /** The failure that exceptions which reached nobody stand for; each is told once. */
  takeStray() {
    const strays = this.#strays.map(failureOf);
    this.#strays = [];
    return strays.find((failure) => failure.kind === "trap") ?? strays[0];
  }

  /**
   * Lets the store run until something holds.
   *
   * @param {() => boolean} holds
   * @param {number} deadline by `Date.now()`
   * @param {number} [patience] how long the store's clock runs without guest code at the most
   * @param {number} [limit] how long it runs at the most
   * @returns {Promise<"held" | "idle" | "timeout">}
   */
  async runUntil(holds, deadline, patience = PATIENCE, limit = Infinity) {
    let seen = this.#activity;
    let since = this.#clock.now;
    const end = since + limit;
    await turn();
    while (!holds()) {
      if (Date.now() > deadline) return "timeout";
      if (seen !== this.#activity) {
        seen = this.#activity;
        since = this.#clock.now;
      }
      if (this.#clock.isEmpty || this.#clock.now - since > patience) return "idle";
      if (this.#clock.now > end) return "idle";
      this.#clock.step();
      await turn();
    }
    await turn();
    return "held";
  }

  /** Ends the store. Promises of it that are still open stay so. */
  end() {
    this.#clock.stop();
  }

  /** The engine's `WebAssembly`, with a note of each entry into guest code, and the host's way to compile. */
  #webAssembly() {
    const note = () => this.noteActivity();
    const noting = Object.create(WebAssembly);
    noting.promising = (/** @type {Function} */ func) => {
      const promising = WebAssembly.promising(/** @type {any} */ (func));
      return (...args) => {
        note();
        return promising(...args);
      };
    };
    noting.Suspending = class {
      constructor(/** @type {Function} */ func) {
        return new WebAssembly.Suspending((...args) => {
          note();
          const result = func(...args);
          if (typeof result?.then !== "function") return result;
          return result.then((value) => {
            note();
            return value;
          });
        });
      }
    };
    noting.Module = class {
      constructor(/** @type {BufferSource} */ bytes) {
        return compile(bytes);
      }
    };
    return noting;
  }
}

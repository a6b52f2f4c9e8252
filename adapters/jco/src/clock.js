/**
 * Time as the generated code sees it: the timers of one store, which run only while a request
 * waits for something, in the order of their due times, without waiting for the wall clock.
 *
 * jco polls with timers (every 1 and every 10 ms). With a clock of our own these polls keep their
 * order and cost nothing, a store that has been reset has no timer left that could still fire,
 * and "nothing can go on" becomes a question with an answer.
 */
export class Clock {
  /** Milliseconds since the store began. */
  now = 0;
  /** @type {Map<number, {id: number, due: number, every: number | null, run: () => unknown}>} */
  #timers = new Map();
  #nextId = 1;
  #onError;

  /** @param {(error: unknown) => void} onError told of what a timer's function throws */
  constructor(onError) {
    this.#onError = onError;
  }

  /** Whether no timer is left. */
  get isEmpty() {
    return this.#timers.size === 0;
  }

  /** The functions that stand for the global ones in generated code. */
  globals() {
    const clear = (/** @type {number} */ id) => void this.#timers.delete(id);
    const add = (repeats) => (run, delay, ...args) => this.#add(() => run(...args), delay, repeats);
    return {
      setTimeout: add(false),
      setInterval: add(true),
      clearTimeout: clear,
      clearInterval: clear,
    };
  }

  #add(run, delay, repeats) {
    const wait = Number(delay) >= 1 ? Math.trunc(Number(delay)) : 1;
    const id = this.#nextId++;
    this.#timers.set(id, { id, due: this.now + wait, every: repeats ? wait : null, run });
    return id;
  }

  /** Moves on to the timer that is due first and runs it. */
  step() {
    let first;
    for (const timer of this.#timers.values()) {
      if (!first || timer.due < first.due) first = timer;
    }
    if (!first) return;
    this.now = Math.max(this.now, first.due);
    this.#timers.delete(first.id);
    if (first.every !== null) {
      this.#timers.set(first.id, { ...first, due: this.now + first.every });
    }
    try {
      Promise.resolve(first.run()).catch(this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Forgets all timers. */
  stop() {
    this.#timers.clear();
  }
}

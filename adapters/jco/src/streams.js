/**
 * Ends of streams that the host holds.
 */

import { later, turn } from "./platform.js";

/** What is to be done with an end, one after the other. */
class Queue {
  #last = Promise.resolve();

  /** @param {() => Promise<void>} work */
  add(work) {
    this.#last = this.#last.then(work);
  }
}

/** jco asks once for each place in the reader's buffer, and a guest may say that it has 2^28. */
const ASKS_IN_A_TURN = 4096;

/**
 * A writable end. jco pulls from it while a guest reads.
 *
 * jco drains a synchronous source until the reader's buffer is full, and awaits each step. So
 * the source waits while there is nothing to write, gives the values of one write, and then
 * gives "nothing" for as long as jco goes on to ask without a pause: that ends the read with as
 * many values as there were, which is a partial copy.
 */
export class WritableEnd {
  #token;
  #onEnd;
  /** @type {{values: unknown[], taken: number}[]} */
  #writes = [];
  #isClosed = false;
  #readerIsGone = false;
  /** @type {(() => void) | undefined} */
  #wake;
  /** How often jco has asked and been given nothing since the last value. */
  #idleAsks = 0;

  constructor(token, onEnd) {
    this.#token = token;
    this.#onEnd = onEnd;
  }

  /** The object that jco takes as a stream. */
  source() {
    const iterator = {
      next: () => this.#next(),
      return: () => {
        this.#readerLeft();
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.iterator]: () => iterator };
  }

  write(values) {
    if (this.#isClosed) return;
    if (this.#readerIsGone) {
      this.#end(0, "dropped");
      return;
    }
    this.#writes.push({ values, taken: 0 });
    this.#wake?.();
  }

  drop() {
    this.#isClosed = true;
    this.#wake?.();
  }

  async #next() {
    while (this.#writes.length === 0 && !this.#isClosed && !this.#readerIsGone) {
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined);
      });
    }
    const write = this.#writes[0];
    if (!write) return { done: true, value: undefined };
    if (write.taken === write.values.length) {
      this.#idleAsks += 1;
      if (this.#idleAsks % ASKS_IN_A_TURN === 0) await turn();
      return { done: false, value: undefined };
    }
    const value = write.values[write.taken];
    write.taken += 1;
    if (write.taken === 1) later(() => this.#finish(write));
    return { done: false, value };
  }

  /** The copy is over: jco has stopped asking. */
  #finish(write) {
    if (this.#writes[0] !== write) return;
    this.#writes.shift();
    this.#idleAsks = 0;
    this.#end(write.taken, "completed");
  }

  #readerLeft() {
    this.#readerIsGone = true;
    for (const write of this.#writes.splice(0)) {
      this.#end(write.taken, write.taken > 0 ? "completed" : "dropped");
    }
    this.#wake?.();
  }

  #end(written, how) {
    this.#onEnd({ copied: this.#token, written, end: how });
  }
}

/** A readable end: a stream object of jco's. */
export class ReadableEnd {
  #token;
  #show;
  #isNumeric;
  #onEnd;
  #queue = new Queue();
  /** How many reads are under way. */
  #reads = 0;

  /**
   * @param {number} token
   * @param {any} stream
   * @param {((value: unknown) => unknown) | null} show null where elements have no type
   * @param {boolean} isNumeric whether the elements are numbers
   * @param {(event: object) => void} onEnd
   */
  constructor(token, stream, show, isNumeric, onEnd) {
    this.#token = token;
    this.stream = stream;
    this.#isNumeric = isNumeric;
    this.#show = show;
    this.#onEnd = onEnd;
  }

  /** Whether nothing is under way, so that it may be given away. */
  get isIdle() {
    return this.#reads === 0;
  }

  read(count) {
    this.#reads += 1;
    this.#queue.add(async () => {
      const { value, done } = await this.stream.read({ count });
      this.#reads -= 1;
      const items = done ? [] : this.#items(value, count);
      this.#onEnd({
        copied: this.#token,
        values: this.#show ? items.map(this.#show) : items.length,
        end: done ? "dropped" : "completed",
      });
    });
  }

  /** jco gives numbers as a typed array, and of other elements a single one as it is. */
  #items(value, count) {
    return count === 1 && !this.#isNumeric ? [value] : Array.from(value);
  }

  drop() {
    this.#queue.add(async () => this.stream[Symbol.dispose]());
  }
}

/**
 * Ends of futures that the host holds.
 *
 * To jco, a host's future is an object with a `then`, which it calls when the guest reads. A
 * guest's future is such an object too, and reads when its `then` is called. Neither side is told
 * of a read that is cancelled or of an end that is dropped.
 */

/**
 * An object that jco takes as a future and does not wait for.
 *
 * jco waits for what an import gives if that has a `then`, as it may be the promise of a result.
 * So the first look finds none, and those that follow, which are about the future, do.
 *
 * @param {(resolve: (value: unknown) => void, reject: (error: unknown) => void) => void} then
 */
function unawaited(then) {
  let isSeen = false;
  return {
    get then() {
      if (isSeen) return then;
      isSeen = true;
      return undefined;
    },
  };
}

/** A writable end. */
export class WritableFuture {
  #token;
  #onEnd;
  /** @type {{value: unknown} | undefined} */
  #written;
  /** @type {((value: unknown) => void)[]} */
  #readers = [];
  #isSpent = false;

  constructor(token, onEnd) {
    this.#token = token;
    this.#onEnd = onEnd;
  }

  /** The object that jco takes as a future. */
  source() {
    return unawaited((resolve) => {
      this.#readers.push(resolve);
      this.#meet();
    });
  }

  /** A future has one value: what is written later is forgotten. */
  write(value) {
    this.#written ??= { value };
    this.#meet();
  }

  #meet() {
    if (!this.#written || this.#readers.length === 0) return;
    for (const resolve of this.#readers.splice(0)) resolve(this.#written.value);
    if (this.#isSpent) return;
    this.#isSpent = true;
    this.#onEnd({ copied: this.#token, written: 1, end: "completed" });
  }
}

/** A readable end: a future of jco's. */
export class ReadableFuture {
  #token;
  #future;
  #show;
  #onEnd;
  /** Whether it was read, or is. */
  isRead = false;

  /**
   * @param {number} token
   * @param {PromiseLike<unknown>} future
   * @param {((value: unknown) => unknown) | null} show null where the value has no type
   * @param {(event: object) => void} onEnd
   */
  constructor(token, future, show, onEnd) {
    this.#token = token;
    this.#future = future;
    this.#show = show;
    this.#onEnd = onEnd;
  }

  read() {
    if (this.isRead) return;
    this.isRead = true;
    this.#future.then((value) => {
      const values = this.#show ? [this.#show(value)] : 1;
      this.#onEnd({ copied: this.#token, values, end: "completed" });
    });
  }

  /** The object that jco takes as the same future, when the host gives it away. */
  source() {
    return unawaited((resolve, reject) => void this.#future.then(resolve, reject));
  }
}

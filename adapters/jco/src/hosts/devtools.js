/**
 * The developer tools' protocol of Chromium over a pair of pipes: JSON objects, each ended by a
 * zero byte.
 */
export class DevTools {
  #writer;
  #lastId = 0;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  #open = new Map();
  /** @type {Map<string, (params: any) => void>} */
  #listeners = new Map();

  constructor(writer, reader) {
    this.#writer = writer;
    /** @type {Buffer[]} */
    let begun = [];
    reader.on("data", (/** @type {Buffer} */ chunk) => {
      let from = 0;
      for (let to = chunk.indexOf(0); to >= 0; to = chunk.indexOf(0, from)) {
        const message = Buffer.concat([...begun, chunk.subarray(from, to)]);
        begun = [];
        from = to + 1;
        this.#receive(JSON.parse(message.toString()));
      }
      begun.push(chunk.subarray(from));
    });
  }

  /** Has the events of a name told to one listener. */
  on(/** @type {string} */ event, /** @type {(params: any) => void} */ listener) {
    this.#listeners.set(event, listener);
  }

  /**
   * Has a command done and gives its result.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {string} [sessionId] which target; the browser itself if absent
   * @returns {Promise<any>}
   */
  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#lastId;
    this.#writer.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
  }

  #receive({ id, method, params, result, error }) {
    if (method !== undefined) {
      this.#listeners.get(method)?.(params);
      return;
    }
    const sent = this.#open.get(id);
    this.#open.delete(id);
    if (error) sent?.reject(new Error(error.message));
    else sent?.resolve(result);
  }
}

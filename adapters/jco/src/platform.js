/**
 * What JavaScript hosts do in ways of their own, for the code that runs in all of them.
 */

/** How a host makes functions out of text and modules out of bytes; most do it as the engine does. */
const making = {
  evaluate: (/** @type {string[]} */ names, /** @type {string} */ body) => new Function(...names, body),
  compile: (/** @type {BufferSource} */ bytes) => new WebAssembly.Module(bytes),
};

/** Says that this host makes functions or modules in another way. */
export const makeWith = (/** @type {Partial<typeof making>} */ ways) => void Object.assign(making, ways);

/**
 * A function of these parameters.
 *
 * @param {string[]} names
 * @param {string} body
 * @returns {Function}
 */
export const evaluate = (names, body) => making.evaluate(names, body);

/** A core module, checked by the engine. */
export const compile = (/** @type {BufferSource} */ bytes) => making.compile(bytes);

/** Runs a function when all microtasks have run, after those that came before it. */
export const later = typeof setImmediate === "function" ? setImmediate : byMessage();

/** Lets all microtasks run, and the host report the rejections that nobody handled. */
export const turn = () => new Promise((resolve) => later(resolve));

/** A browser has no `setImmediate`, and makes timers wait for 4 ms. */
function byMessage() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return (/** @type {() => void} */ run) => {
    waiting.push(run);
    port2.postMessage(null);
  };
}

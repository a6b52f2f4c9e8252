/**
 * Failures, and which failure an exception stands for.
 *
 * jco tells its embedder of a trap with an exception, and its own faults too. A fault must never
 * pass for the trap that a test waits for, so an exception is a trap only where it is a
 * `WebAssembly.RuntimeError` or where its words are in the table below, which lists what jco
 * throws as a plain error although the Canonical ABI asks for a trap there. All others have class
 * `exception`: execution ended in a JavaScript exception. Class `crash` would say that the runtime
 * is lost, and cost what a test does next.
 */

/**
 * @typedef {"malformed" | "invalid" | "unlinkable" | "trap" | "exception" | "suspension" |
 *   "exhaustion" | "unsupported" | "usage" | "timeout" | "deadlock" | "crash"} FailureClass
 */

/** A failure of the protocol: the answer to a request that did not succeed. */
export class Failure extends Error {
  /**
   * @param {FailureClass} kind
   * @param {string} message
   * @param {string} [feature] what is missing, for class `unsupported`
   */
  constructor(kind, message, feature) {
    super(message);
    this.kind = kind;
    this.feature = feature;
  }

  /** The failure as it stands in a response. */
  toJSON() {
    const answer = { class: this.kind, message: this.message };
    return this.feature === undefined ? answer : { ...answer, feature: this.feature };
  }
}

/** @param {string} message */
export const usage = (message) => new Failure("usage", message);

/**
 * @param {string} feature
 * @param {string} [message]
 */
export const unsupported = (feature, message) =>
  new Failure("unsupported", message ?? `this adapter does not have ${feature}`, feature);

/**
 * What jco throws as a plain error although the Canonical ABI asks for a trap. Each of these
 * states a condition on what the guest did. Not here: words that jco also uses for its own
 * faults, such as "already resolved", and exceptions of the engine that jco provokes where it
 * does not check, such as "Invalid typed array length".
 */
const TRAPS_AS_PLAIN_ERRORS = [
  /^cannot drop a subtask which has not yet resolved$/,
  /^cannot drop waitable set with waiters$/,
  /^waitable set still contains waitables$/,
  /^component instance is not marked as may leave/,
  /^invalid new backpressure value \[-?\d+\], (?:under|over)flow$/,
  /^task\.return memory \[.*\] does not match task \[.*\]$/,
  /^invalid variant discriminant for /,
  /^invalid discriminant specified for /,
  /^invalid alignment: type with \d+bit alignment /,
  /^(?:stream|future) end is not copying, cannot cancel$/,
  /^`subtask\.cancel` called after terminal status delivered$/,
  /^cannot synchronously cancel a subtask that is in a waitable set$/,
  /^not a valid char$/,
  /^list pointer \[\d+\] is not aligned to \d+$/,
  /^missing (?:stream|future) end \(tableIdx /,
  /^missing stream \(waitable /,
  /^missing future with waitable idx /,
  /^missing error context \(handle /,
  /^(?:stream|future) end table idx \[\d+\] (?:does not match|!= operation table idx) /,
  /^invalid (?:stream|future) end(?: class)?, expected /,
];

/**
 * The failure that an exception out of jco's or the engine's code stands for.
 *
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOf(error) {
  if (error instanceof Failure) return error;
  const message = describe(error);
  if (error instanceof WebAssembly.RuntimeError) return new Failure("trap", message);
  if (error instanceof WebAssembly.Exception) {
    return new Failure("exception", "an exception of the guest that nothing caught");
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new Failure("exhaustion", message);
  }
  if (error instanceof Error && TRAPS_AS_PLAIN_ERRORS.some((words) => words.test(error.message))) {
    return new Failure("trap", message);
  }
  return new Failure("exception", message);
}

/**
 * An exception in one line, with its class.
 *
 * @param {unknown} error
 */
export function describe(error) {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const name = error.constructor?.name ?? error.name;
  return name === "RuntimeError" ? error.message : `${name}: ${error.message}`;
}

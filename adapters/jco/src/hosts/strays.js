/**
 * Exceptions that reach nobody, and end a process if nobody listens.
 */

/** Tells a session of them, where the host has events like Node's. */
export function tellStrays(/** @type {import("../session.js").Session} */ session) {
  process.on("unhandledRejection", (error) => session.noteStray(error));
  process.on("uncaughtException", (error) => session.noteStray(error));
}

/** Tells a session of them, where the host has events like a browser's. */
export function tellStraysOfWeb(/** @type {import("../session.js").Session} */ session) {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    session.noteStray(event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    session.noteStray(event.error);
  });
}

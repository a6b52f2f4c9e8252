/**
 * The JavaScript hosts, by name. Each is a module of its own that opens one.
 */

/** The hosts that generated code can be run on. */
export const HOSTS = ["node", "deno", "bun", "workerd", "chromium"];

/**
 * Opens a host, with a session in it.
 *
 * @param {string} name
 * @param {string} [program] the host's program; default: the one of its name on the path
 * @returns {Promise<import("./front.js").Peer>}
 */
export async function open(name, program = name) {
  if (!HOSTS.includes(name)) throw new Error(`no host \`${name}\`: there are ${HOSTS.join(", ")}`);
  const host = await import(`./hosts/${name}.js`);
  return host.open(program);
}

/**
 * jco's bindings generator: bytes of a component in, a JavaScript module and core modules out.
 */

import { isBinary } from "./core.js";
import { Failure, describe, unsupported } from "./failure.js";
import { generatorUrl } from "./packages.js";

/** What jco is asked for: the same as its own command line with these options. */
const OPTIONS = {
  name: "component",
  map: [],
  instantiation: { tag: "async" },
  asyncMode: { tag: "jspi", val: { imports: [], exports: [] } },
  base64Cutoff: 0,
  multiMemory: true,
  noTypescript: true,
  noNodejsCompat: false,
  noComponentErrorWrapping: false,
};

/** The generator in use, and how many were used up before it. */
let generator;
let generation = 0;

/**
 * A generator that has not panicked yet. Each has its own WebAssembly instance; the address of
 * the module differs, as an address gives the same instance for ever.
 */
async function freshGenerator() {
  const url = generatorUrl();
  const module = await import(generation === 0 ? url : `${url}?${generation}`);
  generation += 1;
  await module.$init;
  return module;
}

/** Gets the generator ready, which takes a fifth of a second the first time. */
export async function prepare() {
  generator ??= await freshGenerator();
}

/**
 * The bindings of a component, as a host can be given them.
 *
 * `modules` has the core modules by name: their bytes in base64, and whether they stand in the
 * component as they are.
 * @typedef {{source: string, imports: string[],
 *   modules: [string, {bytes: string, isOwn: boolean}][]}} Bindings
 */

/**
 * Generates the bindings of a component.
 *
 * @param {Buffer} wasm
 * @returns {Promise<Bindings>}
 * @throws {Failure}
 */
export async function generate(wasm) {
  await prepare();
  let generated;
  try {
    generated = generator.generate(wasm, OPTIONS);
  } catch (error) {
    throw await refusal(error, wasm);
  }
  const files = new Map(generated.files);
  const source = new TextDecoder().decode(files.get("component.js"));
  files.delete("component.js");
  const modules = Array.from(files, ([name, bytes]) => {
    const given = { bytes: Buffer.from(bytes).toString("base64"), isOwn: wasm.includes(bytes) };
    return [name, given];
  });
  return { source, modules, imports: generated.imports };
}

/** The failure that an exception of the generator stands for. */
async function refusal(error, wasm) {
  if (error?.constructor?.name !== "ComponentError") {
    generator = await freshGenerator();
    return new Failure("exception", `the bindings generator panicked: ${describe(error)}`);
  }
  const message = String(error.payload ?? error.message);
  // Bytes that do not begin as WebAssembly does are taken for text.
  return isBinary(wasm) ? classify(message) : new Failure("malformed", oneLine(message));
}

/**
 * The class of a refusal, from its words.
 *
 * Errors of validation carry the offset of what they complain about. All else that the generator
 * refuses is what it has no bindings for, and says nothing on whether the component is valid.
 *
 * @param {string} message
 */
export function classify(message) {
  const short = oneLine(message);
  const gated = /requires? the (?:component model )?`?([a-z0-9 -]+?)`? feature/.exec(message);
  if (gated) return unsupported(gated[1], short);
  const proposal = /([a-z0-9 -]+?) (?:proposal|support is) not enabled/.exec(message);
  if (proposal) return unsupported(proposal[1].trim(), short);
  if (/not (?:yet )?(?:supported|implemented)|unsupported/i.test(message)) {
    return unsupported("bindings", short);
  }
  if (!/\(at offset 0x[0-9a-f]+\)/.test(message)) return unsupported("bindings", short);
  const undecodable =
    /unexpected end|invalid leading byte|magic|binary version|malformed|section (?:out of order|size)|LEB|UTF-8/i;
  return new Failure(undecodable.test(message) ? "malformed" : "invalid", short);
}

/** A message with its causes on one line. */
function oneLine(/** @type {string} */ message) {
  const lines = message.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && line !== "Caused by:").join(": ");
}

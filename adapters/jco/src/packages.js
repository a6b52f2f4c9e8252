/**
 * Where the npm packages are that the adapter runs: beside `package.json`, or in a directory of
 * their own, so that a build writes nothing into the source tree.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const TRANSPILER = "@bytecodealliance/jco-transpile/component";

/** The directory that holds `node_modules`. */
let directory = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} path the directory that holds `node_modules` */
export function usePackagesOf(path) {
  directory = resolve(path);
}

/** The address of jco's bindings generator. */
export const generatorUrl = () =>
  pathToFileURL(createRequire(`${directory}/package.json`).resolve(TRANSPILER)).href;

/** jco's version, from the package that is installed. */
export function jcoVersion() {
  const manifest = `${directory}/node_modules/@bytecodealliance/jco/package.json`;
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}

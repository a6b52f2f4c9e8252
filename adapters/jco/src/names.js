/**
 * Names: how jco turns the specification's kebab-case names into those of JavaScript.
 */

/** The words of a kebab-case name, in lower case. */
const words = (/** @type {string} */ name) =>
  name
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());

const capital = (/** @type {string} */ word) => word.charAt(0).toUpperCase() + word.slice(1);

/** @param {string} name */
export const lowerCamel = (name) => {
  const [first = "", ...rest] = words(name);
  return first + rest.map(capital).join("");
};

/** @param {string} name */
export const upperCamel = (name) => words(name).map(capital).join("");

/** An interface's name without its version: jco looks imports up by it. */
export const withoutVersion = (/** @type {string} */ name) => name.replace(/@[^@]*$/, "");

/**
 * The function that an export's name stands for, and the object that it is a method of.
 *
 * A name is that of a function of the component, or `instance#function` for one of an exported
 * instance.
 *
 * @param {Record<string, any>} exports
 * @param {string} name
 * @returns {Function | undefined}
 */
export function findFunction(exports, name) {
  const at = name.indexOf("#");
  const holder = at < 0 ? exports : findInstance(exports, name.slice(0, at));
  return holder && member(holder, at < 0 ? name : name.slice(at + 1));
}

/**
 * An exported instance.
 *
 * @param {Record<string, any>} exports
 * @param {string} name
 */
export const findInstance = (exports, name) =>
  own(exports, name) ?? own(exports, withoutVersion(name)) ?? own(exports, lowerCamel(name));

const own = (/** @type {any} */ object, /** @type {string} */ key) =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** A plain function, or a resource's constructor, method or static function. */
function member(holder, name) {
  const parts = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/.exec(name);
  if (!parts) {
    const found = own(holder, lowerCamel(name));
    return typeof found === "function" ? found : undefined;
  }
  const [, kind, resource, method] = parts;
  const type = own(holder, upperCamel(resource));
  if (typeof type !== "function") return undefined;
  if (kind === "constructor") return (...args) => new type(...args);
  const key = lowerCamel(method ?? "");
  if (kind === "static") return type[key]?.bind(type);
  return type.prototype[key] && ((self, ...args) => self[key](...args));
}

/**
 * Values of the protocol and of JavaScript, each way by type.
 *
 * Both ways are strict: what does not have the form that jco documents for the type is refused,
 * so that a value that only looks right never becomes a result.
 */

import { Failure, usage } from "./failure.js";
import { lowerCamel } from "./names.js";

/**
 * A type as the protocol spells it: a word, or an object with one key.
 * @typedef {string | Record<string, any>} Type
 */

const RANGES = {
  s8: [-(2 ** 7), 2 ** 7 - 1],
  u8: [0, 2 ** 8 - 1],
  s16: [-(2 ** 15), 2 ** 15 - 1],
  u16: [0, 2 ** 16 - 1],
  s32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};
const BIG_RANGES = {
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
};
const ARRAYS = {
  s8: Int8Array,
  u8: Uint8Array,
  s16: Int16Array,
  u16: Uint16Array,
  s32: Int32Array,
  u32: Uint32Array,
  s64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};
const HANDLES = ["own", "borrow", "stream", "future", "error-context"];

const scratch = new DataView(new ArrayBuffer(8));
const CANONICAL_NAN = { f32: "0x7fc00000", f64: "0x7ff8000000000000" };

/** The objects that stand for handles, by the numbers that the protocol knows them by. */
export class Handles {
  /** @type {unknown[]} */
  #held = [];

  /** @param {unknown} object */
  add(object) {
    return { handle: this.#held.push(object) - 1 };
  }

  /** @param {unknown} reference */
  get(reference) {
    const number = /** @type {any} */ (reference)?.handle;
    if (!Number.isInteger(number) || number < 0 || number >= this.#held.length) {
      throw usage(`no handle ${JSON.stringify(reference)}`);
    }
    return this.#held[number];
  }
}

/** Whether jco gives and takes several values of a type as a typed array. */
export const isNumeric = (/** @type {Type | null} */ type) =>
  typeof type === "string" && type in ARRAYS;

/** The word of a type and what it holds. */
function parts(/** @type {Type} */ type) {
  if (typeof type === "string") return { kind: type, of: undefined };
  const [entry, ...more] = Object.entries(type ?? {});
  if (!entry || more.length > 0) throw usage(`not a type: ${JSON.stringify(type)}`);
  return { kind: entry[0], of: entry[1] };
}

/** Whether jco writes an `option` of this type's `none` as `undefined`. */
function isNullable(/** @type {Type} */ type) {
  const { kind, of } = parts(type);
  return kind === "option" && !isNullable(of);
}

/**
 * The bits of a float as a number.
 *
 * @param {"f32" | "f64"} kind
 * @param {string} bits
 */
export function floatOfBits(kind, bits) {
  if (typeof bits !== "string" || !/^0x[0-9a-fA-F]{1,16}$/.test(bits)) {
    throw usage(`not the bits of an ${kind}: ${JSON.stringify(bits)}`);
  }
  if (kind === "f32") {
    scratch.setUint32(0, Number(BigInt(bits) & 0xffffffffn));
    return scratch.getFloat32(0);
  }
  scratch.setBigUint64(0, BigInt(bits));
  return scratch.getFloat64(0);
}

/**
 * The bits of a number. JavaScript has one NaN, so the canonical one is given for it.
 *
 * @param {"f32" | "f64"} kind
 * @param {number} value
 */
export function bitsOfFloat(kind, value) {
  if (Number.isNaN(value)) return CANONICAL_NAN[kind];
  if (kind === "f32") {
    scratch.setFloat32(0, value);
    return `0x${scratch.getUint32(0).toString(16).padStart(8, "0")}`;
  }
  scratch.setFloat64(0, value);
  return `0x${scratch.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

/**
 * A value of the protocol as jco takes it.
 *
 * @param {Type} type
 * @param {any} value
 * @param {Handles} handles
 * @returns {unknown}
 */
export function toJs(type, value, handles) {
  const { kind, of } = parts(type);
  const refuse = () => usage(`${JSON.stringify(value)} is no ${JSON.stringify(type)}`);
  const inner = (t, v) => toJs(t, v, handles);
  const payload = (t, v) => (t === null || t === undefined ? undefined : inner(t, v));
  const items = (given) => {
    if (!Array.isArray(given)) throw refuse();
    return given;
  };
  switch (kind) {
    case "bool":
    case "string":
    case "char":
      return value;
    case "s64":
    case "u64":
      if (!/^-?\d+$/.test(String(value))) throw refuse();
      return BigInt(value);
    case "f32":
    case "f64":
      return floatOfBits(kind, value);
    case "list": {
      const list = items(value).map((item) => inner(of, item));
      const array = ARRAYS[/** @type {keyof typeof ARRAYS} */ (of)];
      return array ? /** @type {any} */ (array).from(list) : list;
    }
    case "fixed-list":
      return items(value).map((item) => inner(of[0], item));
    case "tuple":
      return items(value).map((item, at) => inner(of[at], item));
    case "map":
      return new Map(items(value).map(([key, item]) => [inner(of[0], key), inner(of[1], item)]));
    case "record":
      return Object.fromEntries(
        of.map(([name, field]) => [lowerCamel(name), inner(field, value?.[name])]),
      );
    case "flags":
      return Object.fromEntries(of.map((name) => [lowerCamel(name), items(value).includes(name)]));
    case "enum":
      return value;
    case "variant": {
      const found = of.find(([name]) => name === value?.case);
      if (!found) throw refuse();
      const [tag, carried] = found;
      return carried === null ? { tag } : { tag, val: inner(carried, value.value) };
    }
    case "option":
      if (isNullable(of)) {
        return value === null ? { tag: "none" } : { tag: "some", val: inner(of, value.some) };
      }
      return value === null ? undefined : inner(of, value.some);
    case "result":
      if (value && "ok" in value) return { tag: "ok", val: payload(of[0], value.ok) };
      if (value && "error" in value) return { tag: "err", val: payload(of[1], value.error) };
      throw refuse();
    default:
      if (kind in RANGES) return value;
      if (HANDLES.includes(kind)) return handles.get(value);
      throw usage(`not a type: ${JSON.stringify(type)}`);
  }
}

/**
 * What jco gave, as a value of the protocol.
 *
 * @param {Type} type
 * @param {any} value
 * @param {Handles} handles
 * @returns {unknown}
 * @throws {Failure} of class `exception` where it is not of the form that the type has in JavaScript
 */
export function fromJs(type, value, handles) {
  const { kind, of } = parts(type);
  const check = (holds) => {
    if (!holds) throw new Failure("exception", `jco gave ${show(value)} for a ${JSON.stringify(type)}`);
  };
  const inner = (t, v) => fromJs(t, v, handles);
  const payload = (t, v) => (t === null || t === undefined ? null : inner(t, v));
  switch (kind) {
    case "bool":
      check(typeof value === "boolean");
      return value;
    case "string":
      check(typeof value === "string" && value.isWellFormed());
      return value;
    case "char":
      check(typeof value === "string" && value.isWellFormed() && [...value].length === 1);
      return value;
    case "s64":
    case "u64":
      check(typeof value === "bigint" && inRange(BIG_RANGES[kind], value));
      return String(value);
    case "f32":
    case "f64":
      check(typeof value === "number");
      check(kind === "f64" || Number.isNaN(value) || Math.fround(value) === value);
      return bitsOfFloat(kind, value);
    case "list":
    case "fixed-list": {
      const [item, length] = kind === "list" ? [of, undefined] : of;
      const array = ARRAYS[/** @type {keyof typeof ARRAYS} */ (item)];
      check(Array.isArray(value) || (array && value instanceof array));
      check(length === undefined || value.length === length);
      return Array.from(value, (element) => inner(item, element));
    }
    case "tuple":
      check(Array.isArray(value) && value.length === of.length);
      return of.map((item, at) => inner(item, value[at]));
    case "map":
      check(value instanceof Map);
      return Array.from(value, ([key, item]) => [inner(of[0], key), inner(of[1], item)]);
    case "record":
      check(isObject(value) && Object.keys(value).length === of.length);
      return Object.fromEntries(
        of.map(([name, field]) => [name, inner(field, value[lowerCamel(name)])]),
      );
    case "flags":
      check(isObject(value) && Object.keys(value).length === of.length);
      check(of.every((name) => typeof value[lowerCamel(name)] === "boolean"));
      return of.filter((name) => value[lowerCamel(name)]);
    case "enum":
      check(of.includes(value));
      return value;
    case "variant": {
      check(isObject(value));
      const found = of.find(([name]) => name === value.tag);
      check(found);
      const [name, carried] = found;
      return carried === null ? { case: name } : { case: name, value: inner(carried, value.val) };
    }
    case "option":
      if (isNullable(of)) {
        check(isObject(value) && ["none", "some"].includes(value.tag));
        return value.tag === "none" ? null : { some: inner(of, value.val) };
      }
      return value === undefined || value === null ? null : { some: inner(of, value) };
    case "result":
      check(isObject(value) && ["ok", "err"].includes(value.tag));
      return value.tag === "ok"
        ? { ok: payload(of[0], value.val) }
        : { error: payload(of[1], value.val) };
    default:
      if (kind in RANGES) {
        check(Number.isInteger(value) && !Object.is(value, -0) && inRange(RANGES[kind], value));
        return value;
      }
      if (HANDLES.includes(kind)) {
        // An error context is a number to jco.
        const isNumber = kind === "error-context" && Number.isInteger(value);
        check(isNumber || typeof value === "object" || typeof value === "function");
        check(value !== null);
        return handles.add(value);
      }
      throw usage(`not a type: ${JSON.stringify(type)}`);
  }
}

const inRange = ([low, high], value) => low <= value && value <= high;

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** A JavaScript value in few words. */
function show(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (isObject(value) && Object.getPrototypeOf(value) !== Object.prototype) {
    return `an object of class ${value.constructor?.name}`;
  }
  const text = JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item));
  return text && text.length > 80 ? `${text.slice(0, 80)}…` : String(text);
}

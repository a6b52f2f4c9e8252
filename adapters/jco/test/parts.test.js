import assert from "node:assert/strict";
import { test } from "node:test";

import { classify } from "../src/bindings.js";
import { Clock } from "../src/clock.js";
import { Failure, failureOf } from "../src/failure.js";
import { HostWorld } from "../src/host.js";
import { findFunction, lowerCamel, upperCamel, withoutVersion } from "../src/names.js";
import { ReadableEnd } from "../src/streams.js";
import { Handles, fromJs, toJs } from "../src/values.js";

const kind = (error) => failureOf(error).kind;

test("a name becomes what jco calls it", () => {
  assert.equal(lowerCamel("run-it2-HTTP"), "runIt2Http");
  assert.equal(upperCamel("my-res"), "MyRes");
  assert.equal(withoutVersion("a:b/c@0.1.0-rc.1"), "a:b/c");
});

test("a method is found in its class, and a function in its instance", () => {
  class R {
    double() {
      return 2;
    }
    static make() {
      return new R();
    }
  }
  const exports = { "a:b/c": { R, plain: () => 1 } };
  assert.equal(findFunction(exports, "a:b/c@1.0.0#plain")?.(), 1);
  assert.equal(findFunction(exports, "a:b/c#[method]r.double")?.(new R()), 2);
  assert.ok(findFunction(exports, "a:b/c#[static]r.make")?.() instanceof R);
  assert.ok(findFunction(exports, "a:b/c#[constructor]r")?.() instanceof R);
  assert.equal(findFunction(exports, "toString"), undefined);
});

test("a value of each type goes to JavaScript and comes back as it was", () => {
  const values = [
    ["bool", true],
    ["s8", -128],
    ["u32", 4294967295],
    ["s64", "-9223372036854775808"],
    ["u64", "18446744073709551615"],
    ["f32", "0x80000000"],
    ["f64", "0x7ff8000000000000"],
    ["char", "🙂"],
    ["string", "naïve"],
    [{ list: "u8" }, [1, 2]],
    [{ list: "string" }, ["a"]],
    [{ "fixed-list": ["u16", 2] }, [1, 2]],
    [{ map: ["string", "u8"] }, [["k", 1]]],
    [{ record: [["a-b", "u8"], ["c", "bool"]] }, { "a-b": 1, c: false }],
    [{ tuple: ["u8", "string"] }, [1, "x"]],
    [{ variant: [["a", null], ["b", "u8"]] }, { case: "b", value: 3 }],
    [{ variant: [["a", null], ["b", "u8"]] }, { case: "a" }],
    [{ enum: ["x-y", "z"] }, "x-y"],
    [{ option: "u8" }, null],
    [{ option: { option: "u8" } }, { some: null }],
    [{ option: { option: "u8" } }, { some: { some: 1 } }],
    [{ result: [null, "string"] }, { ok: null }],
    [{ result: [null, "string"] }, { error: "e" }],
    [{ flags: ["a", "b-c"] }, ["b-c"]],
  ];
  const handles = new Handles();
  for (const [type, value] of values) {
    assert.deepEqual(fromJs(type, toJs(type, value, handles), handles), value, JSON.stringify(type));
  }
});

test("what has not the form of its type is no value", () => {
  const wrong = [
    ["u8", 256],
    ["u8", "1"],
    ["u8", -0],
    ["s64", 1],
    ["f32", 0.1],
    ["char", "ab"],
    ["string", "\ud800"],
    [{ list: "u8" }, new Uint16Array(1)],
    [{ enum: ["a"] }, "b"],
    [{ variant: [["a", null]] }, { tag: "b" }],
    [{ record: [["a", "u8"]] }, { a: 1, b: 2 }],
    [{ flags: ["a"] }, { a: 1 }],
    [{ own: "r" }, undefined],
  ];
  for (const [type, value] of wrong) {
    assert.throws(() => fromJs(type, value, new Handles()), { kind: "exception" });
  }
});

test("a handle that was never given out is a wrong request", () => {
  assert.throws(() => toJs({ own: "r" }, { handle: 0 }, new Handles()), { kind: "usage" });
});

test("only the engine's traps and those in the table are traps", () => {
  assert.equal(kind(new WebAssembly.RuntimeError("unreachable")), "trap");
  assert.equal(kind(new Error("cannot drop a subtask which has not yet resolved")), "trap");
  assert.equal(kind(new TypeError("Cannot read properties of undefined")), "exception");
  assert.equal(kind(new RangeError("Invalid typed array length: 4")), "exception");
  assert.equal(kind(new RangeError("Maximum call stack size exceeded")), "exhaustion");
  assert.equal(kind(undefined), "exception");
  const failure = new Failure("usage", "as it is");
  assert.equal(failureOf(failure), failure);
});

test("a refusal for want of a feature does not say that the component is invalid", () => {
  const because = (text) => classify(`failed to translate component\n\nCaused by:\n    ${text}`);
  const gated = because("`thread.suspend` requires the component model threading feature (at offset 0x1)");
  assert.deepEqual([gated.kind, gated.feature], ["unsupported", "threading"]);
  const wide = because("64-bit memories require the `cm64` feature to be enabled (at offset 0x1)");
  assert.deepEqual([wide.kind, wide.feature], ["unsupported", "cm64"]);
  const proposal = because("exceptions proposal not enabled (at offset 0x1)");
  assert.deepEqual([proposal.kind, proposal.feature], ["unsupported", "exceptions"]);
  assert.equal(because("component export `r` was not a function or instance").kind, "unsupported");
  assert.equal(because("unexpected end-of-file (at offset 0x1)").kind, "malformed");
  assert.equal(because("unknown type 0: type index out of bounds (at offset 0x1)").kind, "invalid");
});

test("timers run by their due times, and none after the clock has stopped", () => {
  const clock = new Clock(assert.fail);
  const { setTimeout, setInterval, clearInterval } = clock.globals();
  const ran = [];
  setTimeout((what) => ran.push(what), 10, "late");
  const interval = setInterval(() => ran.push("tick"), 4);
  for (let step = 0; step < 3; step++) clock.step();
  assert.deepEqual(ran, ["tick", "tick", "late"]);
  assert.equal(clock.now, 10);
  clearInterval(interval);
  assert.ok(clock.isEmpty);
  setTimeout(() => ran.push("never"), 0);
  clock.stop();
  clock.step();
  assert.equal(ran.length, 3);
});

test("what a timer throws is told", () => {
  const told = [];
  const clock = new Clock((error) => told.push(error));
  clock.globals().setTimeout(() => {
    throw new Error("from a timer");
  }, 0);
  clock.step();
  assert.equal(told.length, 1);
});

test("a pending call returns what resolves it, if token and type are the same", async () => {
  const world = new HostWorld(new Handles(), () => {});
  const func = (name, params, result) => ({ instance: "i", name, async: false, params, result });
  const token = ["token", "u32"];
  const host = world
    .imports([func("pending", [token], "u32"), func("resolve", [token, ["value", "u32"]], null)], [])
    .get("i");
  const call = host.pending(7);
  host.resolve(8, 1);
  assert.ok(world.isAwaited);
  host.resolve(7, 42);
  assert.equal(await call, 42);
  assert.ok(!world.isAwaited);
  assert.deepEqual(world.takeEvents().map((event) => event.call), ["pending", "resolve", "resolve"]);
});

test("a part of the host world that jco leaves no way for is unsupported", () => {
  const world = new HostWorld(new Handles(), () => {});
  const described = { instance: "i", name: "unstarted-x", async: true, params: [], result: null };
  assert.throws(() => world.imports([described], []), {
    kind: "unsupported",
    feature: "host.unstarted",
  });
});

test("a readable end that the host reads from is not there to be given away", async () => {
  let answer = () => {};
  const stream = { read: () => new Promise((resolve) => (answer = resolve)) };
  const seen = [];
  const end = new ReadableEnd(1, stream, null, true, (event) => seen.push(event));
  assert.equal(end.isIdle, true);
  end.read(2);
  assert.equal(end.isIdle, false);
  await Promise.resolve();
  answer({ value: [7], done: false });
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(end.isIdle, true);
  assert.deepEqual(seen, [{ copied: 1, values: 1, end: "completed" }]);
});

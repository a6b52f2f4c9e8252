/**
 * The adapter as the harness sees it: a process, lines in and lines out. The packages are those
 * of `ASSIZE_JCO_PACKAGES`, or those beside `package.json`.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const packages = process.env.ASSIZE_JCO_PACKAGES ?? here;

/** The tools that come with jco turn text into components. */
const tools = createRequire(`${packages}/package.json`).resolve(
  "@bytecodealliance/jco-transpile/wasm-tools",
);
const { parse } = await import(pathToFileURL(tools).href);

class Adapter {
  #child = spawn(process.execPath, [`${here}/src/main.js`, "--packages", packages], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  #id = 0;

  async ask(method, params = {}) {
    const id = ++this.#id;
    this.#child.stdin.write(`${JSON.stringify({ id, method, timeout_ms: 5000, ...params })}\n`);
    const { value } = await this.#lines.next();
    const response = JSON.parse(value);
    assert.equal(response.id, id);
    return response;
  }

  async load(text) {
    const wasm = Buffer.from(await parse(text)).toString("base64");
    return this.ask("load", { wasm });
  }

  /** Loads and instantiates; the instance's number is 0 after a reset. */
  async make(text, params = {}) {
    await this.ask("reset");
    assert.deepEqual((await this.load(text)).ok, { definition: 0 });
    return this.ask("instantiate", { definition: 0, ...params });
  }

  call(name, params = {}) {
    return this.ask("call", { instance: 0, export: name, ...params });
  }

  kill() {
    this.#child.kill();
  }
}

const adapter = new Adapter();
after(() => adapter.kill());

const ADD = `(component
  (core module $m
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "trap") unreachable))
  (core instance $i (instantiate $m))
  (func (export "add-up") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $i "add")))
  (func (export "trap") (canon lift (core func $i "trap"))))`;

test("hello says who is there", async () => {
  const { ok } = await adapter.ask("hello", { protocol: 1, unknown: "ignored" });
  assert.equal(ok.name, "jco");
  assert.equal(ok.protocol, 1);
  assert.ok(ok.capabilities.includes("async"));
});

test("a call returns its value", async () => {
  assert.deepEqual((await adapter.make(ADD)).ok, { instance: 0 });
  const { ok } = await adapter.call("add-up", {
    args: [1, 2],
    params: ["u32", "u32"],
    result: "u32",
  });
  assert.deepEqual(ok.outcome, { returned: [3] });
});

test("a trap is a trap, and poisons its instance", async () => {
  await adapter.make(ADD);
  assert.equal((await adapter.call("trap")).failure.class, "trap");
  const again = await adapter.call("add-up", {
    args: [1, 2],
    params: ["u32", "u32"],
    result: "u32",
  });
  assert.equal(again.failure.class, "trap");
});

test("what does not exist is a wrong request", async () => {
  await adapter.make(ADD);
  assert.equal((await adapter.call("absent")).failure.class, "usage");
  assert.equal((await adapter.ask("await", { call: 99 })).failure.class, "usage");
  assert.equal((await adapter.ask("instantiate", { definition: 5 })).failure.class, "usage");
});

test("an unknown method is unsupported", async () => {
  assert.equal((await adapter.ask("dance")).failure.class, "unsupported");
});

test("bytes that are no component are malformed, and a wrong component is invalid", async () => {
  await adapter.ask("reset");
  const wasm = Buffer.from("\0asm\r\0\x01\0\xff", "latin1").toString("base64");
  assert.equal((await adapter.ask("load", { wasm })).failure.class, "malformed");
  const text = Buffer.from("nonsense").toString("base64");
  assert.equal((await adapter.ask("load", { wasm: text })).failure.class, "malformed");
  const { failure } = await adapter.load('(component (import "f" (func (type 3))))');
  assert.equal(failure.class, "invalid");
});

test("a panic of the generator costs no other component", async () => {
  await adapter.ask("reset");
  const { failure } = await adapter.load(`(component
    (import "wasi:http/types" (func))
    (import "wasi:http/types@1.0.0" (func)))`);
  assert.equal(failure.class, "exception");
  assert.match(failure.message, /panicked/);
  assert.deepEqual((await adapter.load(ADD)).ok, { definition: 0 });
});

/** A guest that marks and waits for a pending call, and another instance that resolves it. */
const WORLD = "assize:host/world@0.1.0";
const PENDING = `(component
  (import "${WORLD}" (instance $h
    (export "trace" (func (param "x" string)))
    (export "pending" (func async (param "token" u32) (result u32)))
    (export "resolve" (func (param "token" u32) (param "value" u32)))))
  (core module $memory (memory (export "m") 1) (data (i32.const 8) "mark"))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "m" (core memory $m))
  (core func $trace (canon lower (func $h "trace") (memory $m)))
  (core func $pending (canon lower (func $h "pending")))
  (core module $wait
    (import "" "trace" (func $trace (param i32 i32)))
    (import "" "pending" (func $pending (param i32) (result i32)))
    (func (export "wait") (result i32)
      (call $trace (i32.const 8) (i32.const 4))
      (call $pending (i32.const 7))))
  (core instance $wait (instantiate $wait (with "" (instance
    (export "trace" (func $trace)) (export "pending" (func $pending))))))
  (component $Go
    (import "resolve" (func $resolve (param "token" u32) (param "value" u32)))
    (core func $resolve (canon lower (func $resolve)))
    (core module $go
      (import "" "resolve" (func $resolve (param i32 i32)))
      (func (export "go") (call $resolve (i32.const 7) (i32.const 42))))
    (core instance $go (instantiate $go (with "" (instance (export "resolve" (func $resolve))))))
    (func (export "go") async (canon lift (core func $go "go"))))
  (instance $go (instantiate $Go (with "resolve" (func $h "resolve"))))
  (func (export "wait") async (result u32) (canon lift (core func $wait "wait")))
  (func (export "go") (alias export $go "go")))`;
const func = (name, params, result, isAsync) => ({
  instance: WORLD,
  name,
  async: isAsync,
  params,
  result,
});
const HOST = [
  func("trace", [["x", "string"]], null, false),
  func("pending", [["token", "u32"]], "u32", true),
  func("resolve", [["token", "u32"], ["value", "u32"]], null, false),
];

test("two calls are open at once, and the second lets the first go on", async () => {
  await adapter.make(PENDING, { host: HOST });
  const first = await adapter.call("wait", { result: "u32", wait: false });
  assert.equal(first.ok.outcome, null);
  assert.deepEqual(first.events, [
    { call: "trace", args: ["mark"] },
    { call: "pending", args: [7] },
  ]);
  const second = await adapter.call("go", { wait: true });
  assert.deepEqual(second.ok.outcome, { returned: [] });
  const ended = await adapter.ask("await", { call: first.ok.call });
  assert.deepEqual(ended.ok.outcome, { returned: [42] });
});

test("a call that only the host could let go on is a deadlock", async () => {
  await adapter.make(PENDING, { host: HOST });
  const { failure } = await adapter.call("wait", { result: "u32" });
  assert.equal(failure.class, "deadlock");
});

test("an import that nobody gives is unlinkable", async () => {
  assert.equal((await adapter.make(PENDING)).failure.class, "unlinkable");
});

test("bye ends the process", async () => {
  const other = new Adapter();
  assert.deepEqual((await other.ask("bye")).ok, {});
});

/**
 * The adapter as the harness sees it: a process, lines in and lines out. The packages are those
 * of `ASSIZE_JCO_PACKAGES`, or those beside `package.json`. Generated code runs on Node, or on the
 * host that `ASSIZE_JCO_HOST` names, by the program `ASSIZE_JCO_PROGRAM`.
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

const { ASSIZE_JCO_HOST: host, ASSIZE_JCO_PROGRAM: program } = process.env;
const HOST_ARGS = [...(host ? ["--host", host] : []), ...(program ? ["--program", program] : [])];

class Adapter {
  #child;
  #lines;
  #id = 0;

  constructor(args = HOST_ARGS) {
    const main = [`${here}/src/main.js`, "--packages", packages];
    this.#child = spawn(process.execPath, [...main, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Waits for the end of the process: its status, and what it has said. */
  async ended() {
    const said = this.#child.stderr.toArray();
    const status = await new Promise((resolve) => this.#child.once("exit", resolve));
    return { status, said: Buffer.concat(await said).toString() };
  }

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
const RESOLVING = [
  func("trace", [["x", "string"]], null, false),
  func("pending", [["token", "u32"]], "u32", true),
  func("resolve", [["token", "u32"], ["value", "u32"]], null, false),
];

test("two calls are open at once, and the second lets the first go on", async () => {
  await adapter.make(PENDING, { host: RESOLVING });
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
  await adapter.make(PENDING, { host: RESOLVING });
  const { failure } = await adapter.call("wait", { result: "u32" });
  assert.equal(failure.class, "deadlock");
});

test("an import that nobody gives is unlinkable", async () => {
  assert.equal((await adapter.make(PENDING)).failure.class, "unlinkable");
});

/** A guest that reads a future of the host, and one that writes a future which the host reads. */
const FUTURES = `(component
  (type $f (future u32))
  (import "${WORLD}" (instance $h
    (type $f (future u32))
    (export "future-new-u32" (func (param "token" u32) (result $f)))
    (export "future-write-u32" (func (param "token" u32) (param "value" u32)))
    (export "future-take-u32" (func (param "token" u32) (param "f" $f)))
    (export "future-give-u32" (func (param "token" u32) (result $f)))
    (export "future-read-u32" (func (param "token" u32)))
    (export "future-drop-u32" (func (param "token" u32)))))
  (core module $memory (memory (export "m") 1) (data (i32.const 8) "\\2a"))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "m" (core memory $m))
  (core func $new (canon lower (func $h "future-new-u32")))
  (core func $hwrite (canon lower (func $h "future-write-u32")))
  (core func $take (canon lower (func $h "future-take-u32")))
  (core func $give (canon lower (func $h "future-give-u32")))
  (core func $hread (canon lower (func $h "future-read-u32")))
  (core func $hdrop (canon lower (func $h "future-drop-u32")))
  (core func $make (canon future.new $f))
  (core func $read (canon future.read $f (memory $m)))
  (core func $write (canon future.write $f async (memory $m)))
  (core module $guest
    (import "m" "m" (memory 1))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "hwrite" (func $hwrite (param i32 i32)))
    (import "" "take" (func $take (param i32 i32)))
    (import "" "give" (func $give (param i32) (result i32)))
    (import "" "hread" (func $hread (param i32)))
    (import "" "hdrop" (func $hdrop (param i32)))
    (import "" "make" (func $make (result i64)))
    (import "" "read" (func $read (param i32 i32) (result i32)))
    (import "" "write" (func $write (param i32 i32) (result i32)))
    (func $read-from (param $end i32) (result i32)
      (if (call $read (local.get $end) (i32.const 16)) (then unreachable))
      (i32.load (i32.const 16)))
    (func $hand-over (param $token i32) (result i32) (local $both i64)
      (local.set $both (call $make))
      (call $take (local.get $token) (i32.wrap_i64 (local.get $both)))
      (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))
    (func (export "read-written") (result i32) (local $end i32)
      (local.set $end (call $new (i32.const 1)))
      (call $hwrite (i32.const 1) (i32.const 7))
      (call $hwrite (i32.const 1) (i32.const 8))
      (call $read-from (local.get $end)))
    (func (export "read-unwritten") (result i32)
      (call $read-from (call $new (i32.const 2))))
    (func (export "leave-unread")
      (drop (call $new (i32.const 3)))
      (call $hwrite (i32.const 3) (i32.const 7)))
    (func (export "write") (local $end i32)
      (local.set $end (call $hand-over (i32.const 4)))
      (call $hread (i32.const 4))
      (drop (call $write (local.get $end) (i32.const 8)))
      (call $hdrop (i32.const 4)))
    (func (export "get-back") (result i32) (local $end i32)
      (local.set $end (call $hand-over (i32.const 5)))
      (drop (call $write (local.get $end) (i32.const 8)))
      (call $read-from (call $give (i32.const 5))))
    (func (export "get-read") (local $end i32)
      (local.set $end (call $hand-over (i32.const 6)))
      (call $hread (i32.const 6))
      (drop (call $give (i32.const 6))))
    (func (export "drop-unread")
      (drop (call $hand-over (i32.const 7)))
      (call $hdrop (i32.const 7))))
  (core instance $i (instantiate $guest (with "m" (instance $memory)) (with "" (instance
    (export "new" (func $new)) (export "hwrite" (func $hwrite)) (export "take" (func $take))
    (export "give" (func $give)) (export "hread" (func $hread)) (export "hdrop" (func $hdrop))
    (export "make" (func $make)) (export "read" (func $read)) (export "write" (func $write))))))
  (func (export "read-written") async (result u32) (canon lift (core func $i "read-written")))
  (func (export "read-unwritten") async (result u32) (canon lift (core func $i "read-unwritten")))
  (func (export "leave-unread") async (canon lift (core func $i "leave-unread")))
  (func (export "write") async (canon lift (core func $i "write")))
  (func (export "get-back") async (result u32) (canon lift (core func $i "get-back")))
  (func (export "get-read") async (canon lift (core func $i "get-read")))
  (func (export "drop-unread") async (canon lift (core func $i "drop-unread"))))`;
const FUTURE = { future: "u32" };
const FUTURE_VERBS = [
  func("future-new-u32", [["token", "u32"]], FUTURE, false),
  func("future-write-u32", [["token", "u32"], ["value", "u32"]], null, false),
  func("future-take-u32", [["token", "u32"], ["f", FUTURE]], null, false),
  func("future-give-u32", [["token", "u32"]], FUTURE, false),
  func("future-read-u32", [["token", "u32"]], null, false),
  func("future-drop-u32", [["token", "u32"]], null, false),
];
const copies = (response) => (response.events ?? []).filter((event) => "copied" in event);

test("a guest reads the first value that the host has written, and only then the write ends", async () => {
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  const read = await adapter.call("read-written", { result: "u32" });
  assert.deepEqual(read.ok?.outcome, { returned: [7] });
  assert.deepEqual(copies(read), [{ copied: 1, written: 1, end: "completed" }]);
  const left = await adapter.call("leave-unread");
  assert.deepEqual(left.ok?.outcome, { returned: [] });
  assert.deepEqual(copies(left), []);
});

test("a read of a future that the host does not write waits for the host", async () => {
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  const { failure } = await adapter.call("read-unwritten", { result: "u32" });
  assert.equal(failure?.class, "deadlock");
});

test("the host reads what a guest writes, once", async () => {
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  const written = await adapter.call("write");
  assert.deepEqual(written.ok?.outcome, { returned: [] });
  assert.deepEqual(copies(written), [{ copied: 4, values: [42], end: "completed" }]);
});

test("a future that the host has not read is given back, and one that it reads is not", async () => {
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  const back = await adapter.call("get-back", { result: "u32" });
  assert.deepEqual(back.ok?.outcome, { returned: [42] });
  assert.deepEqual(copies(back), []);
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  assert.equal((await adapter.call("get-read")).failure?.class, "trap");
});

test("that a future is dropped unread is something that jco has no way for", async () => {
  await adapter.make(FUTURES, { host: FUTURE_VERBS });
  assert.equal((await adapter.call("drop-unread")).failure?.feature, "host.futures that are dropped");
});

test("an adapter whose host does not start says so and ends", async () => {
  const lost = new Adapter(["--host", "deno", "--program", "/no/such/program"]);
  const { status, said } = await lost.ended();
  assert.equal(status, 1);
  assert.match(said, /deno is lost: .*ENOENT/);
});

test("a host that nobody knows is refused with those that are known", async () => {
  const { status, said } = await new Adapter(["--host", "netscape"]).ended();
  assert.equal(status, 1);
  assert.match(said, /no host `netscape`: there are node, deno, bun, workerd, chromium/);
});

test("bye ends the process", async () => {
  const other = new Adapter();
  assert.deepEqual((await other.ask("bye")).ok, {});
});

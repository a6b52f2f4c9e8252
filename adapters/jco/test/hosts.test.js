/**
 * The parts between the front and the JavaScript hosts.
 */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { test } from "node:test";

import { Front } from "../src/front.js";
import { WritableFuture } from "../src/futures.js";
import { DevTools } from "../src/hosts/devtools.js";

const SOURCES = new URL("../src/", import.meta.url);

/** A host that keeps what it was asked, and has JSPI or not. */
function fake(jspi) {
  const asked = [];
  const ask = async (request) => {
    asked.push(request);
    return request.method === "hello" ? { ok: { jspi } } : { ok: {}, events: ["an event"] };
  };
  return { asked, front: new Front({ name: "netscape 9", ask }) };
}

test("a host without JSPI is refused when it is greeted, and named", async () => {
  const { ok, failure } = await fake(false).front.answer({ method: "hello" });
  assert.equal(ok, undefined);
  assert.equal(failure.kind, "unsupported");
  assert.match(failure.message, /^netscape 9 has no JSPI/);
});

test("a host gets a core module as it is, and other requests with their events back", async () => {
  const { asked, front } = fake(true);
  const wasm = Buffer.from("\0asm\x01\0\0\0", "latin1").toString("base64");
  await front.answer({ method: "load", wasm, timeout_ms: 5 });
  assert.deepEqual(asked, [{ method: "load", timeout_ms: 5, definition: { module: wasm } }]);
  assert.deepEqual(await front.answer({ method: "reset" }), { ok: {}, events: ["an event"] });
});

test("bytes that the front cannot read do not reach the host", async () => {
  const { asked, front } = fake(true);
  const { failure } = await front.answer({ method: "load", path: "/no/such/file" });
  assert.equal(failure.kind, "usage");
  assert.deepEqual(asked, []);
});

test("workerd is given every module that its worker imports, and no other", async () => {
  const config = await readFile(new URL("hosts/workerd.capnp", SOURCES), "utf8");
  const named = [...config.matchAll(/name = "([^"]+\.js)", esModule = embed "([^"]+)"/g)];
  for (const [, name, path] of named) {
    assert.equal(new URL(path, new URL("hosts/", SOURCES)).href, new URL(name, SOURCES).href);
  }
  const needed = await importedBy("hosts/worker.js");
  assert.deepEqual(named.map(([, name]) => name).sort(), [...needed].sort());
});

/** A module and all that it imports, by their paths in the sources. */
async function importedBy(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const at = new URL(path, SOURCES);
  for (const [, to] of (await readFile(at, "utf8")).matchAll(/^import .* from "(\..*)";$/gm)) {
    await importedBy(new URL(to, at).href.slice(SOURCES.href.length), found);
  }
  return found;
}

test("messages of the developer tools are told apart, wherever the pipe cuts them", async () => {
  const [writer, reader] = [new PassThrough(), new PassThrough()];
  const tools = new DevTools(writer, reader);
  const events = [];
  tools.on("Page.loaded", (params) => events.push(params));
  const [first, second] = [tools.send("First"), tools.send("Second", {}, "session")];
  const refused = assert.rejects(second, /no such page/);
  assert.equal(String(writer.read()), '{"id":1,"method":"First","params":{}}\0');
  const sent = '{"id":2,"method":"Second","params":{},"sessionId":"session"}\0';
  assert.equal(String(writer.read()), sent);
  reader.write('{"id":2,"error":{"message":"no such page"}}\0{"meth');
  reader.write('od":"Page.loaded","params":7}\0{"id":1,"result":"ü"}\0');
  assert.equal(await first, "ü");
  await refused;
  assert.deepEqual(events, [7]);
});

test("a future is not waited for when it is given, and its write ends with the first read", async () => {
  const events = [];
  const end = new WritableFuture(3, (event) => events.push(event));
  const given = await end.source();
  end.write("one");
  end.write("two");
  assert.deepEqual(events, []);
  assert.deepEqual([await given, await given], ["one", "one"]);
  assert.deepEqual(events, [{ copied: 3, written: 1, end: "completed" }]);
});

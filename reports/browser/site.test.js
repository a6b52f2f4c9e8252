// The site of the fixture in Chromium: from the matrix to a test, a rule and a runtime, by clicks
// and by keyboard; the search; light and dark; a narrow screen; and what axe-core says of each page.
// Screenshots are kept, to be looked at.

import assert from "node:assert/strict";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SITE = resolve(process.env.ASSIZE_SITE ?? "../../target/assize/site-fixture/site");
const SCREENSHOTS = resolve(process.env.ASSIZE_SCREENSHOTS ?? "../../target/assize/site-screenshots");
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

// A feature with a failure, its test, the rule that breaks there, and the runtime that breaks it.
const FEATURE = "host/copies";
const TEST = "unaligned_read.wat";
const RULE = "buffer/align";
const RUNTIME = "wasmtime";

const HOSTILE = "hostile/<script>alert(1)</script>.wast";

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };

// Pages of every kind, and what a person would look at on each.
const PAGES = {
  matrix: "index.html",
  feature: "features/spec-tests--host--copies.html",
  "test-failing": "tests/spec-tests--host--copies--unaligned_read.wat.html",
  "test-cancelled": "tests/spec-tests--host--streams--cancelled_after_its_elements_came.wat.html",
  "test-early-end": "tests/spec-tests--host--copies--pointer_without_elements.wat.html",
  "test-passing": "tests/spec-tests--host--backpressure--a_call_waits_until_it_ends.wat.html",
  "test-timeout": "tests/spec-tests--resources--donut-return-borrows.wast.html",
  "test-crash": "tests/spec-tests--tasks--return-sync.wast.html",
  "test-long": "tests/spec-tests--streams--drop.wast.html",
  rules: "rules.html",
  rule: "rules/buffer--align.html",
  "runtime-unexpected": "runtimes/wasmtime.html",
  "runtime-as-expected": "runtimes/reference.html",
  search: "search.html?q=stream%20drop",
};

let browser;
let server;
let origin;

// The site below a path, as a project's pages are.
const serve = () => new Promise((ready) => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = normalize(join(SITE, path.replace(/^\/some\/project\//, "/")));
    if (!path.startsWith("/some/project/") || !file.startsWith(SITE) || !existsSync(file) || statSync(file).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": `${TYPES[extname(file)]}; charset=utf-8` });
    createReadStream(file).pipe(response);
  });
  server.listen(0, "127.0.0.1", () => {
    origin = `http://127.0.0.1:${server.address().port}/some/project/`;
    ready();
  });
});

before(async () => {
  assert.ok(existsSync(join(SITE, "index.html")), `${SITE} has a site`);
  mkdirSync(SCREENSHOTS, { recursive: true });
  await serve();
  browser = await chromium.launch({ executablePath: process.env.ASSIZE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
});

after(async () => {
  await browser?.close();
  server?.close();
});

// Opens a page for `use`, which must not ask for anything from elsewhere, nor say anything on the
// console.
const within = async (path, options, use) => {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const faults = [];
  const home = options.base ?? origin;
  context.on("request", (request) => {
    if (!request.url().startsWith(home)) faults.push(`asks for ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    // Who goes on to the next page before an icon is there has the browser give up on that.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") faults.push(`cannot get ${request.url()}: ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
  });
  context.on("console", (message) => faults.push(`${message.type()}: ${message.text()}`));
  context.on("weberror", (error) => faults.push(String(error.error())));
  try {
    const page = await context.newPage();
    await page.goto(home + path);
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
};

// A picture for people. Chromium fails to take one now and then on a busy machine, so there is a second try.
const picture = async (page, name) => {
  const options = { path: join(SCREENSHOTS, `${name}.png`), fullPage: true };
  await page.screenshot(options).catch(() => page.screenshot(options));
};

const heading = async (page) => (await page.locator("h1").innerText()).trim();

// Goes on with the key until what has the focus fits.
const tabTo = async (page, fits) => {
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press("Tab");
    const text = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    if (fits(text)) {
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, "none", `the focus is seen on ${text}`);
      return;
    }
  }
  assert.fail("the keyboard does not get there");
};

// From the matrix to a test, a rule and a runtime; `follow` opens the link with a text.
const walk = async (page, follow) => {
  await follow(page, FEATURE);
  assert.equal(await heading(page), FEATURE);
  await follow(page, TEST);
  assert.equal(await heading(page), `${FEATURE}/${TEST}`);
  await follow(page, RULE);
  assert.equal(await heading(page), RULE);
  assert.ok(await page.getByText(`${FEATURE}/${TEST}`).count() > 0, "the rule names the test that breaks it");
  await follow(page, RUNTIME);
  assert.equal(await heading(page), RUNTIME);
  const headings = await page.locator("h2").allInnerTexts();
  assert.ok(headings.indexOf("Unexpected") < headings.indexOf("Known failures"), "the unexpected comes first");
};

const click = async (page, text) => {
  await page.locator("main").getByRole("link", { name: text, exact: true }).first().click();
};

const enter = async (page, text) => {
  await page.getByText("Skip to content").focus();
  await page.keyboard.press("Enter");
  await tabTo(page, (focused) => focused === text);
  const before = page.url();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);
};

describe("the site", () => {
  for (const [way, follow] of [["clicks", click], ["the keyboard alone", enter]]) {
    test(`leads from the matrix to a test, a rule and a runtime by ${way}`, async () => {
      await within("index.html", {}, (page) => walk(page, follow));
    });
  }

  test("works from a disk as from a server", async () => {
    await within("index.html", { base: `${pathToFileURL(SITE).href}/` }, async (page) => {
      await walk(page, click);
      await page.getByRole("searchbox").fill(RULE);
      await page.keyboard.press("Enter");
      await page.locator("#results a").first().waitFor();
      assert.equal(await page.locator("#results a").first().innerText(), RULE);
    });
  });

  test("finds tests and rules as one types", async () => {
    await within("index.html", {}, async (page) => {
      await page.getByRole("searchbox").fill("unaligned");
      await page.keyboard.press("Enter");
      await page.getByText("1 found").waitFor();
      await page.getByLabel("Tests, rules, features and runtimes").fill("buffer aligned");
      const names = await page.locator("#results a").allInnerTexts();
      assert.equal(names[0], RULE);
      await page.getByLabel("Tests, rules, features and runtimes").fill("no such thing");
      assert.equal(await page.locator("#found").innerText(), "0 found");
      await page.getByLabel("Tests, rules, features and runtimes").fill("<script>");
      await page.getByRole("link", { name: HOSTILE }).click();
      await page.waitForURL(/\/tests\//);
      assert.equal(await heading(page), HOSTILE);
    });
  });

  test("keeps whether it is light or dark from page to page", async () => {
    const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await within("index.html", { colorScheme: "light" }, async (page) => {
      const light = await ground(page);
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await ground(page);
      assert.notEqual(light, dark, "as the system has it");
      const button = page.getByRole("button", { name: "Theme" });
      await button.click();
      assert.equal(await button.innerText(), "Theme: light");
      assert.equal(await ground(page), light);
      await button.click();
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(`${origin}${PAGES.rule}`);
      assert.equal(await ground(page), dark);
      assert.equal(await page.getByRole("button", { name: "Theme" }).innerText(), "Theme: dark");
    });
  });

  test("says what it says without scripts", async () => {
    await within("index.html", { javaScriptEnabled: false }, (page) => walk(page, click));
  });

  test("leads to the line that a link names", async () => {
    await within(`${PAGES["test-long"]}#L98`, {}, async (page) => {
      const line = page.locator("#L98");
      await line.waitFor();
      assert.match(await line.innerText(), /component instance/);
      const box = await line.boundingBox();
      assert.ok(box.y >= 0 && box.y < WIDE.height, "the line is seen");
    });
  });

  test("shows what a hostile runtime says as text, and cuts it", async () => {
    await within("search.html?q=hostile", {}, async (page) => {
      await page.getByRole("link", { name: HOSTILE }).click();
      await page.waitForURL(/\/tests\//);
      assert.equal(await page.locator("main img, main script").count(), 0);
      const text = await page.locator("main").innerText();
      assert.ok(text.includes("<img src=x onerror=alert(1)>"));
      assert.ok(text.includes("\\u{1b}[31mred"));
      assert.match(text, /A{100}… \(.* more characters\)/);
      assert.ok(text.includes("</code><script>alert(1)</script> &amp; \"quoted\""));
    });
  });

  test("marks the first event that is not allowed, and what is in its place", async () => {
    await within(PAGES["test-cancelled"], {}, async (page) => {
      const drawing = page.getByRole("img", { name: "What wasmtime showed" });
      assert.match(await drawing.locator(".refused").first().textContent(), /✗ call trace\(34\)/);
      assert.match(await drawing.locator("text.allowed").first().textContent(), /allowed: call trace\(32\)/);
      assert.ok(await drawing.locator(".copy").count() > 0, "copies are arrows");
      assert.match(await drawing.locator("desc").textContent(), /the first that is not allowed/);
    });
  });
});

describe("each page", () => {
  for (const [name, path] of Object.entries(PAGES)) {
    for (const scheme of ["light", "dark"]) {
      test(`${name} has no serious fault for axe-core, ${scheme}`, async () => {
        await within(path, { colorScheme: scheme }, async (page) => {
          await picture(page, `${name}-${scheme}`);
          await page.evaluate(() => {
            for (const details of document.querySelectorAll("details")) details.open = true;
          });
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
          const told = serious.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html)}`);
          assert.deepEqual(told, []);
          const minor = violations.filter((one) => !serious.includes(one)).map((one) => `${one.id}: ${one.nodes[0].html}`);
          assert.deepEqual(minor, []);
        });
      });
    }

    test(`${name} fits a screen of 360 pixels`, async () => {
      await within(path, { viewport: NARROW, hasTouch: true }, async (page) => {
        await picture(page, `${name}-narrow`);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= NARROW.width, `it is ${width} pixels wide`);
      });
    });

    test(`${name} has its landmarks, one heading of the first level, and levels without gaps`, async () => {
      await within(path, {}, async (page) => {
        for (const role of ["banner", "main", "contentinfo"]) {
          assert.equal(await page.getByRole(role).count(), 1, role);
        }
        const levels = await page.evaluate(() =>
          [...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1])));
        assert.deepEqual(levels.filter((level) => level === 1), [1]);
        levels.reduce((one, next) => {
          assert.ok(next <= one + 1, `level ${next} after ${one}`);
          return next;
        });
      });
    });
  }

  test("leads only to pages and places that are there", () => {
    const ids = new Map();
    const pages = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html"));
    const texts = new Map(pages.map((name) => [name, readFileSync(join(SITE, name), "utf8")]));
    for (const [name, text] of texts) {
      ids.set(name, new Set([...text.matchAll(/<[a-z0-9]+(?: [^>]*)? id="?([^" >]+)/g)].map((match) => match[1])));
    }
    for (const [name, text] of texts) {
      for (const [, link] of text.matchAll(/<(?:a|link|script|form)(?: [^>]*)? (?:href|src|action)="?([^" >]+)/g)) {
        if (link.startsWith("https://")) continue;
        const url = new URL(link, `http://site/${name}`);
        const file = decodeURIComponent(url.pathname).slice(1);
        assert.ok(existsSync(join(SITE, file)), `${name} leads to ${link}`);
        if (url.hash) assert.ok(ids.get(file)?.has(url.hash.slice(1)), `${name} leads to ${link}`);
      }
    }
  });
});

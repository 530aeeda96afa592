// What every journey shares: faults that fail any test, waiting for hydration, the accessibility check.
import { test as base, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// A page that breaks on the way fails the test, whatever it asked for.
function watch(page, faults) {
  page.on("pageerror", (error) => faults.push(`error in the page: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/hydration|panicked|Content Security Policy|Refused to|Trusted(HTML|Script)/i.test(text)) faults.push(`console: ${text}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} from ${response.url()}`);
  });
}

export const test = base.extend({
  faults: [
    async ({}, use) => {
      const faults = [];
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
  page: async ({ page, faults }, use) => {
    watch(page, faults);
    await use(page);
  },
  // A second person with a browser of their own.
  another: async ({ browser, faults, baseURL, javaScriptEnabled }, use) => {
    const contexts = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL, javaScriptEnabled, ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, faults);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };

// Opens an address and waits until the page has been taken over, where scripts run.
export async function open(page, address, javaScriptEnabled = true) {
  const response = await page.goto(address);
  if (javaScriptEnabled) await hydrated(page);
  return response;
}

export async function hydrated(page) {
  await page.waitForFunction(() => document.documentElement.dataset.hydrated === "true", undefined, { timeout: 20_000 });
}

// WCAG 2.2 AA and best practices by axe-core: nothing may be found.
export async function accessible(page) {
  // After a step within the application the address may be ahead of the page.
  await page.locator("h1").first().waitFor({ state: "attached" });
  // Colours that are still on their way to others have no contrast to speak of: the pointer leaves what it was over, and what moves
  // comes to rest. What turns for ever is not waited for.
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const moving = () =>
      document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    do {
      await Promise.allSettled(moving().map((animation) => animation.finished));
      await frame();
      await frame();
    } while (moving().length > 0);
  });
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map((v) => `${v.id}: ${v.help} — ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
  });
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}

// No page may be wider than the screen.
export async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `sideways scrolling of ${page.url()}`).toBeLessThanOrEqual(0);
}

// Journeys in a real browser against a server with demo data.
// BASE_URL: the server; MAIL_FOLDER: its mailbox folder; PROVIDER_URL: where it looks for an OpenID provider; CHROMIUM: the
// browser's program; STRIPE_BASE_URL and STRIPE_URL: a server that takes money with Stripe, and what stands for Stripe;
// ELEMENT_BASE_URL and ELEMENT_URL: the same, where orders are paid in their own page.
import { defineConfig } from "@playwright/test";

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.js",
  fullyParallel: false,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "./support/reporter.js",
  outputDir: "test-results",
  use: {
    baseURL: process.env.BASE_URL ?? "http://localhost:3000",
    locale: "en-GB",
    timezoneId: "Europe/Ljubljana",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    // What buyers need must work without scripts; `*.hydrate.spec.js` may need them.
    { name: "plain", testMatch: "store/*.spec.js", testIgnore: "**/*.hydrate.spec.js", use: { javaScriptEnabled: false } },
    { name: "hydrated", testIgnore: "store/race.spec.js" },
  ],
});

import { accessible, expect, fits, open, test } from "../support/journey.js";

test("the start page shows what is on, and leads to an event", async ({ page, javaScriptEnabled }) => {
  await open(page, "/", javaScriptEnabled);
  const events = page.locator('main a[href^="/e/"]');
  expect(await events.count()).toBeGreaterThan(5);
  await events.first().click();
  await expect(page).toHaveURL(/\/e\//);
  await expect(page.locator("h1")).toBeVisible();
});

test("searching forgives typos and missing accents", async ({ page, javaScriptEnabled }) => {
  await open(page, "/events?q=halogn", javaScriptEnabled);
  await expect(page.locator('main a[href="/e/halogen-at-the-boiler-house"]').first()).toBeVisible();
  await page.goto("/events?q=zzzzqqqq");
  await expect(page.getByText("Nothing found")).toBeVisible();
});

test("an event page tells machines what it tells people", async ({ page, javaScriptEnabled }) => {
  const response = await open(page, "/e/mara-lindqvist-quartet", javaScriptEnabled);
  expect(response.status()).toBe(200);
  const html = await response.text();
  const json = html.match(/<script[^>]*application\/ld\+json[^>]*>(.*?)<\/script>/s);
  const data = JSON.parse(json[1]);
  expect(data["@type"]).toMatch(/Event$/);
  expect(Date.parse(data.startDate)).toBeGreaterThan(0);
  expect(data.location).toBeTruthy();
  expect(data.name).toBe(await page.locator("h1").innerText());
  expect(html).toMatch(/property="og:title"/);
  expect(html).toMatch(/rel="canonical"/);
  const calendar = await page.request.get("/e/mara-lindqvist-quartet/calendar.ics");
  expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR[\s\S]*DTSTART:\d{8}T\d{6}Z[\s\S]*END:VCALENDAR/);
});

test("changing the language keeps the place", async ({ page, javaScriptEnabled }) => {
  await open(page, "/e/mara-lindqvist-quartet", javaScriptEnabled);
  await page.locator('form[action="/preferences/locale"] button[value="ar"], form[action="/preferences/locale"] button[name="locale"]').last().click();
  await expect(page).toHaveURL(/\/e\/mara-lindqvist-quartet/);
  await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
});

test("what does not exist says so, with its status", async ({ page }) => {
  for (const address of ["/e/no-such-event", "/o/no-such-organizer", "/no-such-page"]) {
    const response = await page.goto(address);
    expect(response.status(), address).toBe(404);
    await expect(page.locator("h1")).toBeVisible();
  }
});

test("unlisted events are found by their link only", async ({ page, request }) => {
  const response = await page.goto("/e/friends-preview-salt");
  expect(response.status()).toBe(200);
  expect(await response.text()).toMatch(/noindex/);
  const sitemap = await (await request.get("/sitemap.xml")).text();
  expect(sitemap).toContain("/e/mara-lindqvist-quartet");
  expect(sitemap).not.toContain("friends-preview-salt");
  await page.goto("/events?q=salt+preview");
  expect(await page.locator('a[href="/e/friends-preview-salt"]').count()).toBe(0);
});

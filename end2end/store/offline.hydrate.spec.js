// Tickets without a network: opened once, they open again in airplane mode, until somebody says that they should not.
import { accessible, expect, fits, open, test } from "../support/journey.js";
import { textOf } from "../support/qr.js";
import { buy, drawn, evening, guest, unique } from "../scanner/steps.js";

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

// The order's page is open, its copy is there, and the worker is at work.
async function keeps(page) {
  await expect(page.getByText(/^Kept on this device/)).toBeVisible({ timeout: 20_000 });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 20_000 });
}

// With each page the browser forgets that its worker has no network either, so it is told before each.
async function airplane(page) {
  await page.context().setOffline(false);
  await page.context().setOffline(true);
}

test("tickets that were opened once open in airplane mode", async ({ page, another }) => {
  const name = `Zora ${unique()}`;
  const buyer = await another(guest);
  const codes = await buy(buyer, night, name, 2);
  const order = new URL(buyer.url()).pathname;
  await open(page, order);
  await keeps(page);
  await page.goto(`${order}/show`);
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await expect(page.getByText(/^Kept copy from/)).toBeHidden();

  await airplane(page);
  const before = Date.now();
  await page.reload();
  const took = Date.now() - before;
  await expect(page.getByText(/^Kept copy from .*; no network$/)).toBeVisible();
  expect(took).toBeLessThan(1000);
  expect((await drawn(page)).map(textOf)).toEqual(codes);
  await expect(page.getByText(name).first()).toBeVisible();
  await expect(page.getByText(night.title).first()).toBeVisible();
  // The style came along: the second ticket is one swipe, or one press, away.
  const second = page.locator("#ticket-1");
  await expect(second).not.toBeInViewport();
  await page.getByRole("link", { name: "Next ticket" }).click();
  await expect(second).toBeInViewport({ ratio: 0.6 });

  // The order's own address shows the same, any other page says where the tickets are.
  await airplane(page);
  await page.goto(order);
  await expect(page.getByText(/^Kept copy from/)).toBeVisible();
  await airplane(page);
  await page.goto("/events");
  await expect(page.getByRole("heading", { name: "No network" })).toBeVisible();
  await accessible(page);
  await airplane(page);
  await page.getByRole("link", { name: night.title }).click();
  await expect(page.getByText(/^Kept copy from/)).toBeVisible();

  // Forgotten, they are gone, and stay so.
  await page.getByRole("button", { name: "Forget on this device" }).click();
  await expect(page.getByRole("button", { name: "Keep on this device" })).toBeVisible();
  await airplane(page);
  await page.reload();
  await expect(page.getByRole("heading", { name: "No network" })).toBeVisible();
  await expect(page.getByRole("link", { name: night.title })).toHaveCount(0);
  await page.context().setOffline(false);
  await open(page, order);
  await expect(page.getByText(/^Not kept on this device/)).toBeVisible();
  await page.getByRole("button", { name: "Keep on this device" }).click();
  await keeps(page);
});

test("whoever signs out leaves no tickets behind", async ({ page, another }) => {
  const buyer = await another(guest);
  await buy(buyer, night, `Leaves ${unique()}`);
  const order = new URL(buyer.url()).pathname;
  await open(page, order);
  await keeps(page);
  const left = () => page.evaluate(async () => (await (await caches.open("tickets-pages")).keys()).length);
  expect(await left()).toBe(1);
  // As the header's button does it, for somebody whose session has just ended elsewhere.
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/sign-out";
    document.body.append(form);
    form.submit();
  });
  await expect(page).toHaveURL(/\/$/);
  expect(await left()).toBe(0);
});

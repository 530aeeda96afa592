// What happens around a scanner: somebody buys tickets, the organizer pairs a device, the device is put to work.
import { expect, open } from "../support/journey.js";
import { onSale, ownAddress, signIn, unique } from "../support/founder.js";
import { textOf } from "../support/qr.js";

export { unique };

export const organization = "kino-svetilnik";
// Of another organizer.
export const meetup = { slug: "hudson-systems-meetup", type: "Free entry" };

const password = "curtain up at eight";
export const green = "rgb(15, 122, 61)";
export const amber = "rgb(245, 179, 1)";
export const orange = "rgb(244, 98, 42)";
export const red = "rgb(196, 35, 27)";
// Guests need no scripts, and without them the pages are quicker.
export const guest = { javaScriptEnabled: false };

export function enter(page, who) {
  return signIn(page, `${who}@demo.bilten.example`, password);
}

// A free event of its own for each file, so that nobody else counts at its door.
export async function evening(browser, baseURL) {
  const context = await browser.newContext({ baseURL, extraHTTPHeaders: ownAddress(), ...guest });
  const page = await context.newPage();
  await enter(page, "owner");
  await expect(page).toHaveURL(/\/organize/);
  const title = `Evening ${unique()}`;
  const address = await onSale(page, `/organize/${organization}`, { title, places: 200 });
  await context.close();
  return { slug: address.split("/").pop(), title, type: "Admission" };
}

// Buys as a guest and reads the codes off the order's page. The page stays on the order.
export async function buy(page, event, name, quantity = 1) {
  await page.goto(`/e/${event.slug}`);
  await page.getByLabel(`How many: ${event.type}`, { exact: true }).fill(String(quantity));
  await page.locator("#choose").getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Email").first().fill(`${unique()}@buyers.example`);
  await page.getByLabel("Name", { exact: true }).first().fill(name);
  await page.getByRole("button", { name: /Get the tickets|Continue to payment/ }).click();
  await expect(page).toHaveURL(/\/orders\//);
  const pay = page.getByRole("button", { name: /^Pay / });
  if (await pay.isVisible()) {
    await pay.click();
    await page.getByRole("button", { name: "Pay successfully" }).click();
  }
  await expect(page.getByText(`Ticket ${quantity} of ${quantity}`)).toBeVisible({ timeout: 20_000 });
  const codes = (await drawn(page)).map(textOf);
  expect(codes).toHaveLength(quantity);
  return codes;
}

// The codes as they are drawn on an order's page.
export function drawn(page) {
  return page.locator("[role=img] > svg").evaluateAll((all) => all.map((svg) => svg.outerHTML));
}

// The organizer's door page of an event.
export async function door(page, event, who = "owner") {
  await page.setExtraHTTPHeaders(ownAddress());
  await enter(page, who);
  await expect(page).toHaveURL(/\/organize/);
  await open(page, `/organize/${organization}/events/${event.slug}/door`);
  await expect(page.getByRole("heading", { level: 1, name: "Door" })).toBeVisible();
}

// Makes a link on the door page. Links name the server's public address; here its own is what counts.
export async function makeLink(page, gate) {
  const link = page.getByRole("link", { name: /#pair=/ });
  const before = (await link.count()) ? await link.getAttribute("href") : "";
  await page.getByLabel(/^Door/).fill(gate);
  await page.getByRole("button", { name: /Make (a|another) link/ }).click();
  await expect(link).not.toHaveAttribute("href", before);
  const address = new URL(await link.getAttribute("href"));
  return address.pathname + address.hash;
}

// Opens the link on a device and pairs it under a name; ends before scanning.
export async function pair(page, link, name) {
  await open(page, link);
  await page.getByLabel("Name of this device").fill(name);
  await page.getByRole("button", { name: "Pair", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Ready for offline" })).toBeVisible({ timeout: 20_000 });
}

// Pairs and begins to scan.
export async function device(page, link, name) {
  await pair(page, link, name);
  await start(page);
}

export async function start(page) {
  await page.getByRole("button", { name: "Start scanning" }).click();
  await expect(page.getByLabel("Code, order or name")).toBeVisible();
}

// Types a text and asks what it is.
export async function check(page, text) {
  await page.getByLabel("Code, order or name").fill(text);
  await page.getByRole("button", { name: "Check" }).click();
}

// The verdict that fills the screen.
export function verdict(page) {
  return page.locator("[data-verdict]");
}

export async function says(page, { word, note, colour }) {
  const card = verdict(page);
  await expect(card.getByText(word, { exact: true })).toBeVisible();
  await expect(card).toHaveCSS("background-color", colour);
  if (note) await expect(card).toContainText(note);
  await expect(card.locator("svg")).toBeVisible();
}

// Good news go by themselves.
export async function gone(page) {
  await expect(verdict(page)).toHaveCount(0);
}

// Bad news wait for a finger.
export async function next(page) {
  await page.getByRole("button", { name: "Next guest" }).click();
  await gone(page);
}

export function counter(page, name) {
  return page.getByRole("term").filter({ hasText: name }).locator("xpath=following-sibling::dd");
}

export async function counts(page, name, number) {
  await expect(counter(page, name)).toHaveText(new RegExp(`^${number}(\\D|$)`));
}

// Keys as a hardware scanner sends them: eight milliseconds apart, with Enter at the end. When a key was pressed counts,
// not when a busy machine gets round to it.
export async function wedge(page, text) {
  const keys = await page.context().newCDPSession(page);
  const began = Date.now() / 1000;
  const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" };
  const pressed = [...[...text].map((key) => ({ key, text: key })), enter];
  const sent = pressed.flatMap(({ text, ...key }, at) => [
    keys.send("Input.dispatchKeyEvent", { type: "keyDown", text, ...key, timestamp: began + at * 0.008 }),
    keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, timestamp: began + at * 0.008 + 0.004 }),
  ]);
  await Promise.all(sent);
  await keys.detach();
}

// The same code with another signature.
export function forged(code) {
  const at = code.length - 20;
  return code.slice(0, at) + (code[at] === "A" ? "B" : "A") + code.slice(at + 1);
}

// Ready to work without a network: the worker is in charge and has kept everything.
export async function kept(page) {
  const mine = () => navigator.serviceWorker.controller?.scriptURL.endsWith("/scan/sw.js");
  await page.waitForFunction(mine, undefined, { timeout: 20_000 });
}

// A person who signs up, founds an organization and puts an event on sale, the way people do it.
import { expect } from "./journey.js";
import { mail } from "./mailbox.js";

export const password = "a quiet evening by the sea";

let made = 0;

// Words that no other test uses, also not on another worker or in another run.
export function unique() {
  made += 1;
  return `${Date.now().toString(36)}${process.pid.toString(36)}${made}`;
}

// An address of one's own: the server counts tries by it where a proxy says it, so that tests do not use up each other's.
export function ownAddress() {
  const part = () => 1 + Math.floor(Math.random() * 250);
  return { "x-forwarded-for": `10.${part()}.${part()}.${part()}` };
}

export async function signIn(page, email, secret) {
  await page.goto("/sign-in");
  const main = page.locator("main");
  await main.getByLabel("Email").fill(email);
  await main.getByLabel("Password").fill(secret);
  await main.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signUp(page, name, email) {
  await page.goto("/sign-up");
  const main = page.locator("main");
  await main.getByLabel("Your name").fill(name);
  await main.getByLabel("Email").fill(email);
  await main.getByLabel("Password").fill(password);
  await main.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
  const [link] = await mail(email, /\/verify\/[A-Za-z0-9_-]+/);
  await page.goto(link);
  await main.getByRole("button", { name: "Confirm my address" }).click();
  await expect(page).toHaveURL(/\/organize/);
}

// Signs up as the owner of a new organization; gives where its pages are.
export async function found(page, { person, email, organization }) {
  await signUp(page, person, email);
  const main = page.locator("main");
  await main.getByLabel("Name of the organization").fill(organization);
  await main.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(/\/organize\/[^/]+$/);
  return new URL(page.url()).pathname;
}

// Makes a free event with one kind of ticket, next spring, and leaves it as a draft; gives its pages' address.
export async function draft(page, home, { title, places }) {
  await page.goto(`${home}/events/new`);
  const main = page.locator("main");
  const year = new Date().getFullYear() + 1;
  await main.getByLabel("Title").fill(title);
  await main.getByLabel("Category").selectOption({ label: "Concerts" });
  await main.getByLabel("Begins").fill(`${year}-05-14T19:30`);
  await main.getByLabel("Time zone").fill("Europe/Ljubljana");
  await main.getByRole("textbox", { name: "Venue" }).fill("Old Mill");
  await main.getByRole("textbox", { name: "City" }).fill("Ptuj");
  await main.getByLabel("Currency").selectOption("EUR");
  await main.getByLabel("Places").fill(String(places));
  await main.getByRole("button", { name: "Create draft" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

// The same, and opens its sale; gives the address of the public page.
export async function onSale(page, home, event) {
  const address = await draft(page, home, event);
  const main = page.locator("main");
  await page.goto(`${address}/edit/description`);
  await main.getByRole("textbox").fill("An evening with friends, soup and songs.");
  await main.getByRole("button", { name: "Save" }).click();
  await page.goto(address);
  await main.getByRole("button", { name: "Publish" }).click();
  await expect(main.getByText("On sale").first()).toBeVisible();
  return `/e/${address.split("/").pop()}`;
}

// Paying in the order's own page, in fields that stand for Stripe's; and what that page, and no other, lets in.
// ELEMENT_BASE_URL: a server that takes money so; ELEMENT_URL: what stands for Stripe.
import { Person, expect, test } from "../organizer/steps.js";
import { ownAddress } from "../support/founder.js";

const double = process.env.ELEMENT_URL;

test.use({ baseURL: process.env.ELEMENT_BASE_URL ?? "http://localhost:3000" });
test.skip(!double, "ELEMENT_URL says where the double is");
test.setTimeout(120_000);

const fields = (page) => page.frameLocator("#pay-fields iframe");

// From the event to the page where it is paid.
async function choosesTwo(guest, shop) {
  const page = guest.page;
  await page.context().setExtraHTTPHeaders(ownAddress());
  await guest.open(shop);
  await page.getByLabel("How many: Seat").fill("2");
  await guest.press("Continue", page.locator("#choose"));
  const name = `Bruno ${Date.now()}`;
  await page.getByLabel(/^Email/).first().fill(`${name.toLowerCase().replaceAll(" ", "-")}@buyers.example`);
  await page.getByLabel(/^Name/).first().fill(name);
  await guest.press("Continue to payment");
  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}\/pay$/);
  guest.order = new URL(page.url()).pathname.replace(/\/pay$/, "");
}

async function types(page, number) {
  await fields(page).getByLabel("Card number").fill(number);
  await fields(page).getByLabel("Expiration date").fill("12 / 44");
  await fields(page).getByLabel("Security code").fill("123");
}

// Where everything comes from that runs or is framed in a page.
function comesFrom(page) {
  return page.evaluate(() => {
    const found = (what) => [...document.querySelectorAll(what)].map((one) => one.src).filter(Boolean);
    const loaded = performance.getEntriesByType("resource").filter((one) => one.initiatorType === "script");
    return { scripts: [...new Set([...found("script"), ...loaded.map((one) => one.name)])], frames: found("iframe") };
  });
}

// A script or a frame of a third party is not let in, whoever of us would bring it.
async function holdsToThat(browser, address) {
  const context = await browser.newContext({ extraHTTPHeaders: ownAddress() });
  const page = await context.newPage();
  await page.goto(address);
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
  const blocked = await page.evaluate(async () => {
    const found = [];
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.src = "https://scripts.example.com/x.js";
    const frame = document.createElement("iframe");
    frame.src = "https://frames.example.com/";
    document.body.append(script, frame);
    while (found.length < 2) await new Promise((done) => setTimeout(done, 50));
    return found;
  });
  expect(blocked.sort()).toEqual(["frame-src", "script-src-elem"]);
  await context.close();
}

// What was charged for an event, or tried to be.
async function tried(page, title) {
  const { secret_key } = await (await page.request.get(`${double}/_double`)).json();
  const answer = await page.request.get(`${double}/v1/charges?limit=50`, { headers: { authorization: `Bearer ${secret_key}` } });
  return (await answer.json()).data.filter((charge) => charge.description.startsWith(title));
}

test("an order is paid in its own page; only that page lets Stripe in", async ({ organizer, another, browser, baseURL }) => {
  await organizer.sells({ price: "20" });
  // Whatever the browser refuses, or breaks at, fails the test.
  const page = await another();
  const asked = [];
  page.on("request", (request) => asked.push({ url: request.url(), kind: request.resourceType(), from: page.url() }));
  const guest = new Person(page, true);
  await choosesTwo(guest, organizer.shop);

  // What is incomplete is said beside the button, and nothing is sent.
  const pay = page.getByRole("button", { name: "Pay €40.00" });
  await expect(fields(page).getByLabel("Card number")).toBeVisible();
  await expect(pay).toHaveCount(1);
  await expect(pay).toBeEnabled();
  await guest.suits();
  await pay.click();
  await expect(page.locator("#pay-problem")).toHaveText("Your card number is incomplete.");

  // Every script and every frame here is ours or Stripe's.
  const ours = new URL(page.url()).origin;
  const { scripts, frames } = await comesFrom(page);
  for (const script of scripts) expect([ours, double], script).toContain(new URL(script).origin);
  expect(scripts.filter((script) => script.startsWith(double))).toEqual([`${double}/endive/stripe.js`]);
  expect(frames.map((frame) => new URL(frame).origin)).toEqual([double]);
  await holdsToThat(browser, `${baseURL}${guest.order}/pay`);

  // Declined: said in words, and the next card is tried on the same payment.
  await types(page, "4000 0000 0000 9995");
  await pay.click();
  await expect(page.locator("#pay-problem")).toHaveText("Your card has insufficient funds.");
  await expect(pay).toBeEnabled();

  // The bank asks; pressing twice pays once.
  await types(page, "4000 0000 0000 3220");
  await pay.dblclick();
  await page.frameLocator("iframe[title='3D Secure']").getByRole("button", { name: "Complete" }).click();
  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
  await expect(page.getByText("Ticket 2 of 2")).toBeVisible();
  const charges = await tried(page, organizer.title);
  expect(charges.map((charge) => [charge.amount, charge.paid])).toEqual([[4000, true], [4000, false]]);
  expect(charges[0].payment_intent).toBe(charges[1].payment_intent);

  // No other page has had anything of Stripe's, from the shop to the tickets.
  for (const path of ["/", "/events", organizer.shop, guest.order]) {
    await guest.open(path);
    const here = await comesFrom(page);
    for (const url of [...here.scripts, ...here.frames]) expect(new URL(url).origin, path).toBe(ours);
  }
  const foreign = asked.filter((one) => ["script", "document"].includes(one.kind) && new URL(one.url).origin !== ours);
  expect(foreign.length).toBeGreaterThan(1);
  for (const one of foreign) {
    expect(new URL(one.url).origin, one.url).toBe(double);
    expect(one.from, one.url).toMatch(/\/pay$/);
  }
});

for (const [how, options, blocks] of [
  ["without scripts", { javaScriptEnabled: false }, false],
  ["where Stripe's script is blocked", {}, true],
]) {
  test(`${how}, Stripe's own page is one press away`, async ({ organizer, browser, baseURL }) => {
    await organizer.sells({ price: "20" });
    const context = await browser.newContext({ baseURL, ...options });
    if (blocks) await context.route(`${double}/**/stripe.js`, (route) => route.abort());
    const page = await context.newPage();
    const guest = new Person(page, false);
    await choosesTwo(guest, organizer.shop);
    await expect(page.locator("#pay-in-page")).toBeHidden();
    await page.getByRole("button", { name: "Pay €40.00" }).click();
    await page.waitForURL((url) => url.href.startsWith(double));
    await page.getByRole("button", { name: /4242 4242 4242 4242/ }).click();
    await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
    await expect(page.getByText("Ticket 2 of 2")).toBeVisible();
    await context.close();
  });
}

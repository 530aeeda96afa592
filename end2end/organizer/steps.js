// What organizers and their buyers do again and again: moving about, joining, preparing an event, buying from it.
import { accessible, test as base, expect, fits, hydrated } from "../support/journey.js";
import { ownAddress, unique } from "../support/founder.js";
import { mail } from "../support/mailbox.js";

export { expect, unique };

export const password = "a stage made of paper";

// Somebody at a browser of their own.
export class Person {
  constructor(page, scripts) {
    this.page = page;
    this.scripts = scripts;
  }

  async settled() {
    if (this.scripts) await hydrated(this.page);
  }

  async open(address) {
    const response = await this.page.goto(address);
    await this.settled();
    return response;
  }

  // What somebody with a phone and somebody with a screen reader need of the page that is open.
  async suits() {
    await fits(this.page);
    // The checker needs scripts.
    if (this.scripts) await accessible(this.page);
  }

  // Presses a button that sends a form; the next page is there when this returns.
  async press(name, within = this.page) {
    const loaded = this.page.waitForEvent("load");
    await within.getByRole("button", { name, exact: typeof name === "string" }).click();
    await loaded;
    await this.settled();
  }

  // Follows a link to where it says it leads.
  async follow(name, within = this.page) {
    const link = within.getByRole("link", { name, exact: typeof name === "string" });
    const address = new URL(await link.getAttribute("href"), this.page.url()).href;
    await link.click();
    await this.page.waitForURL(address);
  }

  // Opens what is folded under a word.
  async unfold(name, within = this.page) {
    await within.locator("summary").getByText(name, { exact: true }).click();
  }

  async fill(fields, within = this.page) {
    for (const [label, value] of Object.entries(fields)) {
      await within.getByLabel(called(label)).fill(value);
    }
  }

  async signUp(name, email = `${name.toLowerCase()}-${unique()}@people.example`) {
    await this.page.context().setExtraHTTPHeaders(ownAddress());
    Object.assign(this, { name, email });
    await this.open("/sign-up");
    await this.fill({ "Your name": name, Email: email, Password: password });
    await this.press("Create account");
  }

  async confirmAddress() {
    const [link] = await mail(this.email, /http:\/\/[^\s"<]+\/verify\/[\w-]+/);
    await this.open(new URL(link).pathname);
    await this.press("Confirm my address");
  }

  async signIn() {
    await this.open("/sign-in");
    await this.fill({ Email: this.email, Password: password });
    await this.press("Sign in", this.page.getByRole("main"));
  }

  // Leaves the browser on the page of the new organization.
  async found(organization = `Paper Stage ${unique()}`) {
    this.organization = organization;
    await this.open("/organize/new");
    await this.fill({ "Name of the organization": organization });
    await this.press("Continue");
    this.home = new URL(this.page.url()).pathname;
  }

  // The essentials of an event in thirty days; leaves the browser on its overview.
  async draft({ title = `Evening ${unique()}`, price = "", places = "20", ...more } = {}) {
    await this.open(`${this.home}/events/new`);
    await this.page.getByLabel("Category").selectOption({ label: "Theatre" });
    await this.page.getByLabel("Currency").selectOption("EUR");
    await this.fill({
      Title: title,
      Begins: inDays(30),
      "Time zone": "Europe/Berlin",
      Venue: "Old Depot",
      City: "Berlin",
      "Name of the ticket": "Seat",
      Price: price,
      Places: places,
      ...more,
    });
    await this.press("Create draft");
    this.event = new URL(this.page.url()).pathname;
    this.shop = `/e/${this.event.split("/").pop()}`;
    this.title = title;
  }

  async describe(text) {
    await this.open(`${this.event}/edit/description`);
    await this.page.getByLabel(called("Description")).fill(text);
    await this.press("Save");
  }

  // From nothing to an event on sale.
  async sells(what) {
    await this.signUp("Olga");
    await this.confirmAddress();
    await this.found();
    await this.draft(what);
    await this.describe("An evening among paper walls.");
    await this.open(this.event);
    await this.press("Publish");
    await expect(this.page.getByText("On sale", { exact: true }).first()).toBeVisible();
  }

  // Buys through the shop like anybody; leaves the browser on the order's page.
  async buys(shop, { name = `Bruno ${unique()}`, quantity = 1, ticket = "Seat", pay } = {}) {
    Object.assign(this, { name, email: `${name.toLowerCase().replaceAll(" ", "-")}@buyers.example` });
    await this.open(shop);
    await this.page.getByLabel(`How many: ${ticket}`).fill(String(quantity));
    await this.press("Continue", this.page.locator("#choose"));
    await this.page.getByLabel(called("Email")).first().fill(this.email);
    await this.page.getByLabel(called("Name")).first().fill(name);
    await this.press(/^(Continue to payment|Get the tickets)$/);
    if (pay) {
      await this.press(`Pay ${pay}`);
      await this.page.locator("button[value=succeed]").click();
    }
    await expect(this.page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
    this.order = new URL(this.page.url()).pathname;
  }
}

// A field by its whole label, which may say that it is optional.
export const called = (label) => new RegExp(`^${label} *(optional)?$`);

// The day after so many days, at half past seven in the evening, as a date field takes it.
export function inDays(days) {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T19:30`;
}

export const test = base.extend({
  // The organizer, at the test's own page.
  organizer: async ({ page, javaScriptEnabled }, use) => {
    await use(new Person(page, javaScriptEnabled !== false));
  },
  // Somebody else.
  somebody: async ({ another, javaScriptEnabled }, use) => {
    await use(async () => new Person(await another(), javaScriptEnabled !== false));
  },
});

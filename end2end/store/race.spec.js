// More people than places, all at once, over plain HTTP.
import { expect, test } from "../support/journey.js";
import { found, onSale, ownAddress, unique } from "../support/founder.js";

const places = 100;
const buyers = 200;
const atOnce = 50;

test.setTimeout(90_000);
test.use({ extraHTTPHeaders: ownAddress() });

// A browser without scripts: keeps cookies, sends forms as pages do, follows to where it is sent.
class Buyer {
  constructor(origin, number) {
    this.origin = origin;
    this.cookies = new Map();
    this.headers = {
      accept: "text/html,application/xhtml+xml",
      "accept-language": "en",
      "user-agent": `buyer/${number}`,
      ...ownAddress(),
    };
  }

  async ask(path, init = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...this.headers, ...init.headers, ...(cookie && { cookie }) };
    const response = await fetch(this.origin + path, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      this.cookies.set(name, value);
    }
    return response;
  }

  // Follows until there is a page.
  async page(path, init) {
    let response = await this.ask(path, init);
    for (let hops = 0; response.status === 303 || response.status === 302; hops += 1) {
      if (hops > 5) throw new Error(`${path} leads in circles`);
      await response.arrayBuffer();
      const next = new URL(response.headers.get("location"), this.origin + path);
      path = next.pathname + next.search;
      response = await this.ask(path);
    }
    return { path, status: response.status, html: await response.text() };
  }

  // Sends the form of a page with what was chosen in it.
  send(from, action, values) {
    return this.page(action, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: this.origin,
        referer: this.origin + from.path,
      },
      body: new URLSearchParams(values),
    });
  }
}

function form(page, ending) {
  const [, action, body] = page.html.match(new RegExp(`<form[^>]*action="([^"]*/${ending})"[^>]*>(.*?)</form>`, "s"));
  const hidden = {};
  for (const [input] of body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const of = (name) => input.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
    hidden[of("name")] = of("value");
  }
  return { action, body, hidden };
}

const words = (html) => html.replace(/<script.*?<\/script>|<style.*?<\/style>/gs, " ").replace(/<!--.*?-->/gs, "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

// Does the same for all, so many at once.
async function all(items, work) {
  const waiting = [...items];
  const lane = async () => {
    while (waiting.length > 0) await work(waiting.shift());
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

test("a hundred places, two hundred buyers: a hundred tickets and a hundred clear answers", async ({ page, another, baseURL }) => {
  const id = unique();
  const owner = await another({ extraHTTPHeaders: ownAddress() });
  const home = await found(owner, { person: "Runa Berg", email: `runa-${id}@people.example`, organization: `Race House ${id}` });
  const event = await onSale(owner, home, { title: `Race Night ${id}`, places });

  const statuses = new Map();
  const answered = (answer) => {
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    return answer;
  };
  const people = Array.from({ length: buyers }, (_, number) => ({ number, buyer: new Buyer(baseURL, number) }));

  // Everybody looks at the page while there are tickets; then everybody wants one.
  await all(people, async (person) => {
    person.choice = answered(await person.buyer.page(event));
  });
  await all(people, async (person) => {
    const hold = form(person.choice, "hold_tickets");
    const field = hold.body.match(/name="(tickets\[[^"]+)"/)[1];
    person.held = answered(await person.buyer.send(person.choice, hold.action, { ...hold.hidden, [field]: "1" }));
  });
  const lucky = people.filter((person) => person.held.path.startsWith("/checkout/"));
  const refused = people.filter((person) => !person.held.path.startsWith("/checkout/"));
  expect(lucky.length, JSON.stringify([...statuses])).toBe(places);
  for (const { held } of refused) {
    expect(held.path).toContain(event);
    expect(words(held.html)).toMatch(/sold out/i);
  }
  const orders = new Set();
  await all(lucky, async ({ number, buyer, held }) => {
    const place = form(held, "place_order");
    const typed = { "form[email]": `racer-${number}-${id}@buyers.example`, "form[name]": `Racer Number ${number}` };
    const order = answered(await buyer.send(held, place.action, { ...place.hidden, ...typed, "form[same_for_all]": "true" }));
    if (/^\/orders\/[a-z2-7]{32}$/.test(order.path) && order.html.includes("Ticket 1 of 1")) orders.add(order.path);
  });
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(orders.size).toBe(places);

  await page.goto(event);
  await expect(page.locator("main").getByText("Sold out").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
  await owner.goto(`${home}/events/${event.split("/").pop()}`);
  await expect(owner.getByText(`${places} of ${places}`).first()).toBeVisible();
});

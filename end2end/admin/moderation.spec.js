// A platform admin finds things across tenants, stops what must be stopped, and brings it back.
import { accessible as accessibleWithScripts, expect, fits, open, test } from "../support/journey.js";
import { mail } from "../support/mailbox.js";
import { adminPassword, enterAsAdmin } from "../support/platform.js";
import { found, onSale, ownAddress, password, signIn, signUp, unique } from "../support/founder.js";

test.setTimeout(60_000);
test.use({ extraHTTPHeaders: ownAddress() });

let scripts = true;
test.beforeEach(({ javaScriptEnabled }) => {
  scripts = javaScriptEnabled !== false;
});

// The check itself is a script.
async function accessible(page) {
  if (scripts) await accessibleWithScripts(page);
}

// Nothing wider than the screen, nothing cut off at the edge of its frame.
async function whole(page) {
  await fits(page);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("main *")]
      .filter((box) => box.querySelector("table, dl") && box.scrollWidth > box.clientWidth + 1)
      .map((box) => box.innerText.slice(0, 80)),
  );
  expect(cut, `cut off at ${page.url()}`).toEqual([]);
}

async function search(page, section, text) {
  await page.goto(`/admin/${section}`);
  await page.getByRole("searchbox").fill(text);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/q=/);
  return page.getByRole("row").filter({ hasText: text });
}

// Opens the panel of a deed, gives the reason and confirms.
async function moderate(page, deed, confirm, reason) {
  const panel = page.locator("details", { has: page.locator("summary", { hasText: deed }) });
  await panel.locator("summary").click();
  await panel.getByLabel("Reason").fill(reason);
  await panel.getByRole("button", { name: confirm, exact: true }).click();
}

// Takes one free ticket; gives the order page.
async function takeTicket(page, event, email) {
  await page.goto(event);
  await page.locator("#choose button[type=submit]").click();
  await expect(page).toHaveURL(/\/checkout\//);
  await page.locator('[name="form[email]"]').fill(email);
  await page.locator('[name="form[name]"]').fill("Bela Kos");
  await page.getByRole("button", { name: "Get the tickets" }).click();
  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}$/);
  return new URL(page.url()).pathname;
}

test("an organization is stopped and sells again", async ({ page, another, request }) => {
  const id = unique();
  const [organization, title] = [`Mill House ${id}`, `Mill Songs ${id}`];
  const [ownerMail, buyerMail] = [`vida-${id}@people.example`, `bela-${id}@buyers.example`];
  const [whyNot, whyAgain] = [`Tickets for a hall that is closed ${id}`, `The hall is open again ${id}`];

  const owner = await another({ extraHTTPHeaders: ownAddress() });
  const home = await found(owner, { person: "Vida Kranjc", email: ownerMail, organization });
  const event = await onSale(owner, home, { title, places: 20 });
  const publicPage = `/o/${home.split("/").pop()}`;
  const buyer = await another({ extraHTTPHeaders: ownAddress() });
  const order = await takeTicket(buyer, event, buyerMail);
  await expect(buyer.getByText("Ticket 1 of 1")).toBeVisible();
  // Somebody else has a ticket in hand, not yet ordered.
  const undecided = await another({ extraHTTPHeaders: ownAddress() });
  await undecided.goto(event);
  await undecided.locator("#choose button[type=submit]").click();
  await expect(undecided).toHaveURL(/\/checkout\//);

  await enterAsAdmin(page);
  await expect(await search(page, "users", ownerMail)).toHaveCount(1);
  await expect(await search(page, "events", title)).toContainText(organization);
  await expect(await search(page, "orders", buyerMail)).toContainText(title);
  await page.goto("/admin/organizations?q=" + encodeURIComponent(organization));
  await page.getByRole("link", { name: organization }).click();
  await expect(page.getByText(ownerMail)).toBeVisible();

  await moderate(page, "Suspend this organization", "Suspend", "too short");
  await expect(page.getByLabel("Reason")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Reason")).toHaveValue("too short");
  await page.getByLabel("Reason").fill(whyNot);
  await page.getByRole("button", { name: "Suspend", exact: true }).click();
  await expect(page.getByText(`Suspended: ${whyNot}`)).toBeVisible();
  await accessible(page);

  for (const address of [event, publicPage]) {
    const response = await buyer.goto(address);
    expect(response.status(), address).toBe(404);
    await expect(buyer.locator("h1")).toBeVisible();
    await expect(buyer.getByRole("button", { name: "Continue" })).toHaveCount(0);
  }
  const found404 = await (await request.get(`/events?q=${encodeURIComponent(title)}`)).text();
  expect(found404).not.toContain(`href="${event}"`);
  await undecided.locator('[name="form[email]"]').fill(`late-${id}@buyers.example`);
  await undecided.locator('[name="form[name]"]').fill("Late Comer");
  await undecided.getByRole("button", { name: "Get the tickets" }).click();
  await expect(undecided.getByText("Sales for this event have been stopped").first()).toBeVisible();
  await buyer.goto(order);
  await expect(buyer.getByText("Ticket 1 of 1")).toBeVisible();

  await open(owner, home, scripts);
  await expect(owner.getByText("This organization is suspended")).toBeVisible();
  await expect(owner.getByText(whyNot)).toBeVisible();
  await accessible(owner);

  await moderate(page, "Restore this organization", "Restore", whyAgain);
  await expect(page.locator("summary", { hasText: "Suspend this organization" })).toBeVisible();
  expect((await buyer.goto(publicPage)).status()).toBe(200);
  const next = await takeTicket(buyer, event, `again-${buyerMail}`);
  expect(next).not.toBe(order);

  for (const [action, why] of [["Organization suspended", whyNot], ["Organization restored", whyAgain]]) {
    const row = await search(page, "audit", why);
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(action);
    await expect(row).toContainText("Ada Novak");
    await expect(row).toContainText(organization);
  }
});

test("a person is locked out and let in again", async ({ page, another }) => {
  const id = unique();
  const email = `ivo-${id}@people.example`;
  const [whyNot, whyAgain] = [`Sends mails that nobody wants ${id}`, `It was somebody else ${id}`];
  const person = await another({ extraHTTPHeaders: ownAddress() });
  await signUp(person, `Ivo Hren ${id}`, email);

  await enterAsAdmin(page);
  await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
  await page.getByRole("link", { name: `Ivo Hren ${id}` }).click();
  await moderate(page, "Suspend this person", "Suspend", whyNot);
  await expect(page.getByText(`Suspended: ${whyNot}`)).toBeVisible();

  await person.goto("/account");
  await expect(person.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  await expect(person.getByText(email)).toHaveCount(0);
  await signIn(person, email, password);
  await expect(person.getByText("This account is suspended")).toBeVisible();
  await expect(person.getByLabel("Email")).toHaveValue(email);
  await accessible(person);

  await moderate(page, "Restore this person", "Restore", whyAgain);
  await expect(page.locator("summary", { hasText: "Suspend this person" })).toBeVisible();
  await signIn(person, email, password);
  await expect(person).toHaveURL(/\/organize/);

  for (const [action, why] of [["Person suspended", whyNot], ["Person restored", whyAgain]]) {
    const row = await search(page, "audit", why);
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(action);
    await expect(row).toContainText("Ada Novak");
  }
});

test("an admin looks as somebody else, and no more", async ({ page, another }) => {
  const id = unique();
  const email = `dana-${id}@people.example`;
  const theirs = await another();
  const home = await found(theirs, { person: `Dana ${id}`, email, organization: `Dana House ${id}` });

  await enterAsAdmin(page);
  await search(page, "users", email);
  await page.getByRole("link", { name: `Dana ${id}` }).click();
  await whole(page);
  await moderate(page, "Look as this person", "Look as they do", "Request 4711: cannot find the settings");
  if (await page.getByRole("button", { name: "Continue" }).isVisible()) throw new Error("a fresh sign-in needs no other proof");
  await expect(page.getByText(`You see Bilten as Dana ${id} does`)).toBeVisible();
  await whole(page);
  await accessible(page);
  await mail(email, /Request 4711/);
  await page.goto(home);
  await expect(page.locator("main").getByText(`Dana House ${id}`).first()).toBeVisible();
  // To look, not to change.
  await page.goto("/account");
  await page.getByLabel("Your name").fill("Somebody else");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("You are looking as somebody else")).toBeVisible();
  await page.goto("/admin");
  await expect(page.getByText("This page does not exist").first()).toBeVisible();
  await theirs.goto("/account");
  await expect(theirs.getByText("Somebody of our team, to help you")).toBeVisible();
  await expect(theirs.getByLabel("Your name")).toHaveValue(`Dana ${id}`);
  await page.goto("/account");
  await page.getByRole("button", { name: "Stop looking" }).click();
  await expect(page).toHaveURL(/\/admin\/users\//);
  await page.goto("/admin/audit");
  await expect(page.getByText("Looked as somebody else").first()).toBeVisible();
});

test("the platform is nobody else's business", async ({ page, another }) => {
  const stranger = await another({ extraHTTPHeaders: ownAddress() });
  const response = await stranger.goto("/admin");
  expect(response.status()).toBe(401);
  await expect(stranger.locator("main").getByRole("link", { name: "Sign in" })).toBeVisible();

  await signIn(page, "owner@demo.bilten.example", adminPassword);
  await expect(page).toHaveURL(/\/organize/);
  for (const address of ["/admin", "/admin/users", "/admin/organizations", "/admin/events", "/admin/orders", "/admin/audit"]) {
    const response = await page.goto(address);
    expect(response.status(), address).toBe(404);
    await expect(page.getByText("This page does not exist")).toBeVisible();
    await expect(page.getByRole("link", { name: "Audit log" })).toHaveCount(0);
    await accessible(page);
  }
  const answer = await page.request.get("/api/app_api/admin/admin_users?q=", { headers: { accept: "application/json" } });
  expect(answer.status()).toBe(404);
});

const pages = {
  overview: "/admin",
  people: "/admin/users",
  person: ["/admin/users", "main tbody a"],
  organizations: "/admin/organizations",
  organization: ["/admin/organizations", "main tbody a"],
  events: "/admin/events",
  orders: "/admin/orders",
  audit: "/admin/audit",
  nothing: "/admin/users?q=zzzzqqqq",
};

for (const [name, place] of Object.entries(pages)) {
  test(`${name}, for everybody who has to read it`, async ({ page }) => {
    await enterAsAdmin(page);
    let address = place;
    if (Array.isArray(place)) {
      await page.goto(place[0]);
      address = await page.locator(place[1]).first().getAttribute("href");
    }
    const language = (code) => `${address}${address.includes("?") ? "&" : "?"}lang=${code}`;
    await page.setViewportSize({ width: 1280, height: 900 });
    const response = await open(page, language("en"), scripts);
    expect(response.status()).toBe(200);
    await accessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await whole(page);
    await page.goto(language("ar"));
    await whole(page);
  });
}

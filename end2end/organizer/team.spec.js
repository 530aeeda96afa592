import { mail } from "../support/mailbox.js";
import { expect, test, unique } from "./steps.js";

const sections = (page) => page.getByRole("navigation", { name: "Sections" });

const card = (page, email) => page.getByRole("listitem").filter({ hasText: email });

async function founder(organizer) {
  await organizer.signUp("Olga");
  await organizer.confirmAddress();
  await organizer.found();
}

// Invites by mail; the invited person signs up and joins.
async function joins(organizer, somebody, name, role) {
  const person = await somebody();
  const email = `${name.toLowerCase()}-${unique()}@people.example`;
  await organizer.open(`${organizer.home}/team`);
  const form = organizer.page.locator("form").filter({ has: organizer.page.getByRole("button", { name: "Send invitation" }) });
  await form.getByLabel("Email").fill(email);
  await form.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  await organizer.press("Send invitation");
  await expect(organizer.page.getByText("The invitation is on its way.")).toBeVisible();
  await expect(card(organizer.page, email)).toContainText(role);

  await person.signUp(name, email);
  await person.confirmAddress();
  const [link] = await mail(email, /http:\/\/[^\s"<]+\/join\/[\w-]+/);
  person.invitation = new URL(link).pathname;
  await person.open(person.invitation);
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText(`Join ${organizer.organization}`);
  await person.suits();
  await person.press("Join");
  await person.open(organizer.home);
  await expect(person.page.getByText(organizer.organization).first()).toBeVisible();
  return person;
}

test("a manager sells but does not rule", async ({ organizer, somebody }) => {
  await founder(organizer);
  const manager = await joins(organizer, somebody, "Milo", "Manager");
  await expect(sections(manager.page).getByRole("link", { name: "Orders" })).toBeVisible();
  for (const closed of ["Team", "Settings"]) await expect(sections(manager.page).getByRole("link", { name: closed })).toHaveCount(0);
  for (const closed of ["team", "settings"]) {
    expect((await manager.open(`${organizer.home}/${closed}`)).status(), closed).toBe(403);
    await expect(manager.page.getByRole("button", { name: /Save|Send invitation/ })).toHaveCount(0);
  }
  manager.home = organizer.home;
  await manager.draft();
  await expect(manager.page.getByRole("heading", { level: 1, name: manager.title })).toBeVisible();
});

test("door staff see who comes, nothing else", async ({ organizer, somebody }) => {
  await founder(organizer);
  await organizer.draft();
  const door = await joins(organizer, somebody, "Dora", "Door staff");
  await expect(door.page.getByRole("link", { name: "New event" })).toHaveCount(0);
  for (const closed of ["Orders", "Team", "Settings"]) await expect(sections(door.page).getByRole("link", { name: closed })).toHaveCount(0);
  const places = ["/orders", "/team", "/settings", "/events/new"].map((path) => organizer.home + path);
  places.push(organizer.event, `${organizer.event}/edit`, `${organizer.event}/orders`);
  for (const closed of places) expect((await door.open(closed)).status(), closed).toBe(403);
  expect((await door.page.request.get(`${organizer.event}/attendees.csv`)).status()).toBe(403);
  expect((await door.open(`${organizer.event}/attendees`)).status()).toBe(200);
  await expect(door.page.getByRole("heading", { level: 1, name: "Attendees" })).toBeVisible();
});

test("roles change, people go, one owner stays", async ({ organizer, somebody, page }) => {
  await founder(organizer);
  const milo = await joins(organizer, somebody, "Milo", "Manager");
  await organizer.open(`${organizer.home}/team`);
  await organizer.suits();
  const own = card(page, organizer.email);
  await expect(own).toContainText("The only owner cannot");
  await expect(own.getByText("Leave this organization")).toHaveCount(0);

  await organizer.unfold("Change role", card(page, milo.email));
  await expect(card(page, milo.email).getByRole("radio", { name: /^Owner/ })).toHaveCount(0);
  await card(page, milo.email).getByRole("radio", { name: /^Finance/ }).check();
  await organizer.press("Save role", card(page, milo.email));
  await expect(page.getByText("The role was changed.")).toBeVisible();
  expect((await milo.open(`${organizer.home}/events/new`)).status(), "the next click of the demoted is refused").toBe(403);

  // Nobody becomes an owner unasked.
  await organizer.unfold("Offer ownership", card(page, milo.email));
  await card(page, milo.email).getByRole("checkbox", { name: /^I stay an owner too/ }).check();
  await organizer.press("Send the offer", card(page, milo.email));
  await expect(page.getByText("The offer is on its way.")).toBeVisible();
  expect((await milo.open(`${organizer.home}/settings`)).status()).toBe(403);
  await milo.open(organizer.home);
  await milo.suits();
  await milo.press("Accept");
  expect((await milo.open(`${organizer.home}/settings`)).status()).toBe(200);
  await organizer.open(`${organizer.home}/team`);
  await expect(own.getByText("Leave this organization")).toBeVisible();

  await organizer.unfold("Remove", card(page, milo.email));
  await organizer.press("Remove from the team", card(page, milo.email));
  await expect(page.getByText("The member was removed.")).toBeVisible();
  await expect(card(page, milo.email)).toHaveCount(0);
  expect((await milo.open(`${organizer.home}/orders`)).status()).toBeGreaterThanOrEqual(403);
  await milo.open(milo.invitation);
  await expect(milo.page.getByText("This invitation is used, taken back or too old.")).toBeVisible();
});

test("somebody works for one event only", async ({ organizer, somebody, page }) => {
  await founder(organizer);
  await organizer.draft();
  const first = organizer.event;
  const title = organizer.title;
  await organizer.draft();
  const second = organizer.event;
  const milo = await joins(organizer, somebody, "Milo", "Manager");
  await organizer.open(`${organizer.home}/team`);
  await organizer.unfold("Change role", card(page, milo.email));
  const form = card(page, milo.email);
  await form.getByRole("radio", { name: "Some events only" }).check();
  await organizer.press("Save role", form);
  await expect(form.getByText("Please fill this in.")).toBeVisible();
  await form.getByRole("checkbox", { name: new RegExp(`^${title}`) }).check();
  await organizer.press("Save role", form);
  await expect(page.getByText("The role was changed.")).toBeVisible();
  await expect(card(page, milo.email)).toContainText(title);
  await organizer.suits();

  expect((await milo.open(first)).status()).toBe(200);
  expect((await milo.open(second)).status()).toBe(404);
  await milo.open(`${organizer.home}?show=draft`);
  await expect(milo.page.locator(".event-row")).toHaveCount(1);
  await expect(milo.page.getByRole("link", { name: "New event" })).toHaveCount(0);
});

test("an invitation is for one person, and can be taken back", async ({ organizer, somebody, page }) => {
  await founder(organizer);
  const email = `jana-${unique()}@people.example`;
  await organizer.open(`${organizer.home}/team`);
  await page.getByLabel("Email").fill(email);
  await organizer.press("Send invitation");
  const [link] = await mail(email, /http:\/\/[^\s"<]+\/join\/[\w-]+/);
  const other = await somebody();
  await other.signUp("Otto");
  await other.confirmAddress();
  await other.open(new URL(link).pathname);
  const join = other.page.getByRole("button", { name: "Join", exact: true });
  if (await join.count()) await other.press("Join");
  await other.open(organizer.home);
  await expect(other.page.getByText(organizer.organization)).toHaveCount(0);

  await organizer.unfold("Take back", card(page, email));
  await organizer.press("Take the invitation back", card(page, email));
  await expect(page.getByText("The invitation was taken back.")).toBeVisible();
  await other.open(new URL(link).pathname);
  await expect(other.page.getByText("This invitation is used, taken back or too old.")).toBeVisible();
});

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
  await card(page, milo.email).getByRole("radio", { name: /^Owner/ }).check();
  await organizer.press("Save role", card(page, milo.email));
  await expect(page.getByText("The role was changed.")).toBeVisible();
  expect((await milo.open(`${organizer.home}/settings`)).status()).toBe(200);
  await expect(own.getByText("Leave this organization")).toBeVisible();

  await organizer.unfold("Remove", card(page, milo.email));
  await organizer.press("Remove from the team", card(page, milo.email));
  await expect(page.getByText("The member was removed.")).toBeVisible();
  await expect(card(page, milo.email)).toHaveCount(0);
  expect((await milo.open(`${organizer.home}/orders`)).status()).toBeGreaterThanOrEqual(403);
  await milo.open(milo.invitation);
  await expect(milo.page.getByText("This invitation is used, taken back or too old.")).toBeVisible();
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

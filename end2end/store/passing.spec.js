// A ticket goes from a buyer to somebody else: by mail, without an account, and the door knows the new code only.
import { accessible, expect, fits, hydrated, open, test } from "../support/journey.js";
import { ownAddress, signIn } from "../support/founder.js";
import { mail, mailsTo } from "../support/mailbox.js";
import { textOf } from "../support/qr.js";
import { buy, drawn, evening, guest, makeLink, unique } from "../scanner/steps.js";

let night;
test.beforeAll(async ({ browser, baseURL }) => {
  night = await evening(browser, baseURL);
});

const codes = async (page) => (await drawn(page)).map(textOf);

// As people see it: nothing to find for axe, nothing wider than a phone.
async function suits(page, scripts) {
  if (!scripts) return;
  await hydrated(page);
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await page.setViewportSize({ width: 1280, height: 720 });
}

// A device at the door, as far as it matters here: its list of tickets.
async function scanner(organizer, event) {
  await organizer.setExtraHTTPHeaders(ownAddress());
  await signIn(organizer, "owner@demo.bilten.example", "curtain up at eight");
  await expect(organizer).toHaveURL(/\/organize/);
  await organizer.goto(`/organize/kino-svetilnik/events/${event.slug}/door`);
  const token = (await makeLink(organizer, "North gate")).split("#pair=")[1];
  const paired = await organizer.request.post("/api/v1/scanner/pair", {
    headers: { origin: new URL(organizer.url()).origin },
    data: { token, device_name: `Phone ${unique()}` },
  });
  const headers = { authorization: `Bearer ${(await paired.json()).token}` };
  let cursor = "";
  return async () => {
    const answer = await organizer.request.get(`/api/v1/scanner/roster?cursor=${cursor}`, { headers });
    const page = await answer.json();
    cursor = page.cursor;
    return page.entries;
  };
}

test("a ticket is given to somebody else, who has the only good code", async ({ page, another, javaScriptEnabled: scripts }) => {
  const giver = `Vida ${unique()}`;
  const taker = `bo-${unique()}@friends.example`;
  const news = await scanner(await another(guest), night);
  const before = await buy(page, night, giver, 2);
  const here = page.url();
  const mine = (entries) => entries.filter((entry) => entry.name === giver);
  expect(mine(await news()).map((entry) => entry.state)).toEqual(["valid", "valid"]);

  await page.getByRole("link", { name: "Give to somebody else" }).first().click();
  await expect(page.getByRole("heading", { name: "Give a ticket to somebody else" })).toBeVisible();
  await suits(page, scripts);
  await page.getByRole("button", { name: "Send the offer" }).click();
  await expect(page.locator("main [aria-invalid=true]").first()).toBeVisible();
  const offer = async () => {
    await page.getByLabel("Name of the new holder").fill("Bo Berg");
    await page.getByLabel("Email").fill(taker);
    await page.getByRole("button", { name: "Send the offer" }).click();
    await expect(page.getByText("The offer is on its way by mail.")).toBeVisible();
  };
  // Second thoughts first: a link that was taken back is dead.
  await offer();
  const [dead] = await mail(taker, /\/accept\/[a-z2-7]{32}/);
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("The offer was taken back.")).toBeVisible();
  const friend = await another();
  await open(friend, dead, scripts);
  await expect(friend.getByText("The offer was taken back.")).toBeVisible();
  await expect(friend.getByRole("button", { name: "Accept the ticket" })).toHaveCount(0);

  await offer();
  await suits(page, scripts);
  const [link] = await mail(taker, new RegExp(`/accept/(?!${dead.split("/").pop()})[a-z2-7]{32}`));
  await open(friend, link, scripts);
  await expect(friend.getByText(`${giver} gives you this ticket.`)).toBeVisible();
  await suits(friend, scripts);
  await friend.getByRole("button", { name: "Accept the ticket" }).click();
  await expect(friend).toHaveURL(/\/tickets\/[a-z2-7]{32}$/);
  await expect(friend.getByRole("heading", { level: 1, name: "Your ticket" })).toBeVisible();
  await suits(friend, scripts);
  const [own] = await codes(friend);
  expect(before).not.toContain(own);
  // Of the order there is nothing: no other ticket, no buyer.
  await expect(friend.locator("main")).not.toContainText(/Ticket \d of|Vida/);
  await mail(taker, new RegExp(friend.url().split("/").pop()));

  // The door hears of it, the giver too.
  const entries = await news();
  expect(mine(entries).map((entry) => entry.state)).toContain("replaced");
  expect(entries.find((entry) => entry.name === "Bo Berg")?.state).toBe("valid");
  await open(page, here, scripts);
  await expect(page.getByText("Given to somebody else")).toBeVisible();
  const after = await codes(page);
  expect(after).toHaveLength(1);
  expect(before).toContain(after[0]);
  const buyer = (await page.locator("main").innerText()).match(/\S+@buyers\.example/)[0].replace(/\.$/, "");
  await expect.poll(() => mailsTo(buyer).some((text) => /Bo Berg has taken your ticket/.test(text)), { timeout: 15_000 }).toBe(true);
  await open(friend, link, scripts);
  await expect(friend.getByText("The ticket was accepted already.")).toBeVisible();
});

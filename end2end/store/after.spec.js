// What can happen besides the straight way: slow banks, late money, second thoughts, lost mails, free tickets.
import { accessible, expect, fits, hydrated, open, test } from "../support/journey.js";
import { mail, mailsTo } from "../support/mailbox.js";

const event = "/e/mara-lindqvist-quartet";
let count = 0;

function address(info, who) {
  return `${who}-${info.project.name}-${Date.now()}-${count++}@buyers.example`;
}

// As people see it: nothing to find for axe, nothing wider than a phone.
async function suits(page, scripts) {
  if (!scripts) return;
  await hydrated(page);
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page);
  await accessible(page);
  await page.setViewportSize({ width: 1280, height: 720 });
}

// Holds one ticket and stands on the page for the details.
async function hold(page, scripts, from = event, price = /€28/) {
  await open(page, from, scripts);
  await page.locator("#choose li", { hasText: price }).getByRole("spinbutton").first().fill("1");
  await page.locator("#choose button[type=submit]").click();
  await expect(page).toHaveURL(/\/checkout\//);
}

// Gives name and address and stands before the sandbox bank.
async function toTheBank(page, scripts, email, look = async () => {}) {
  await hold(page, scripts);
  await look();
  await page.locator('[name="form[email]"]').fill(email);
  await page.locator('[name="form[name]"]').fill("Vida Kralj");
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await expect(page).toHaveURL(/\/pay$/);
  await look();
  await page.getByRole("button", { name: "Pay €28.00" }).click();
  await expect(page).toHaveURL(/\/sandbox\//);
  await look();
}

const order = /\/orders\/[a-z2-7]{32}$/;

test("what is typed before the page is taken over stays", async ({ page, javaScriptEnabled }) => {
  test.skip(!javaScriptEnabled, "nothing takes the page over");
  let go;
  const later = new Promise((resolve) => (go = resolve));
  await page.route("**/*.wasm", async (route) => {
    await later;
    await route.continue();
  });
  await page.goto(event);
  const field = page.locator("#choose li", { hasText: /€28/ }).getByRole("spinbutton").first();
  await field.fill("2");
  go();
  await expect(page.locator("#choose .stepper.is-alive").first()).toBeVisible({ timeout: 20_000 });
  await expect(field).toHaveValue("2");
  await expect(page.locator(".tickets-sum")).toHaveText(/56/);
});

test("a slow bank is waited for, and the tickets come", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "slow");
  await toTheBank(page, javaScriptEnabled, email);
  await page.locator("button[value=slow]").click();
  await expect(page.getByRole("heading", { name: "We are waiting for your bank" })).toBeVisible();
  await expect(page).toHaveURL(order, { timeout: 40_000 });
  await expect(page.getByText("Your tickets are here.")).toBeVisible();
  await mail(email, /\/orders\/[a-z2-7]{32}/);
});

test("money that comes too late buys the tickets while there are any", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "late");
  await toTheBank(page, javaScriptEnabled, email);
  await page.locator("button[value=after_expiry]").click();
  await expect(page).toHaveURL(order, { timeout: 40_000 });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Your tickets are here.")).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
});

test("a buyer changes their mind and gets the money back", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "back");
  const look = () => suits(page, javaScriptEnabled);
  await toTheBank(page, javaScriptEnabled, email, look);
  await page.locator("button[value=succeed]").click();
  await expect(page).toHaveURL(order, { timeout: 20_000 });
  await look();
  const here = page.url();
  await open(page, here, javaScriptEnabled);
  await page.locator("summary", { hasText: "Cancel the order" }).click();
  await page.getByRole("link", { name: "Choose tickets to give back" }).click();
  await expect(page).toHaveURL(/\/cancel$/);
  await look();
  await page.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Show what I get back" }).click();
  await expect(page.getByText("No ticket stays valid: the order ends.")).toBeVisible();
  await look();
  const button = page.getByRole("button", { name: /^Cancel and get €[\d.]+ back$/ });
  const [amount] = (await button.innerText()).match(/€[\d.]+/);
  await button.click();
  await expect(page.getByText(amount).first()).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Mara Lindqvist Quartet");
  await mail(email, new RegExp(`We have sent ${amount.replace(".", "\\.")} back`));
  await open(page, here, javaScriptEnabled);
  await expect(page.getByText(/: sent |on its way/).first()).toBeVisible();
});

test("the clock can be asked for more time, once", async ({ page, javaScriptEnabled }) => {
  await hold(page, javaScriptEnabled);
  await page.getByRole("button", { name: "I need more time" }).click();
  await expect(page.getByRole("button", { name: "I need more time" })).toHaveCount(0);
  await expect(page.locator('[name="form[email]"]')).toBeVisible();
});

test("who leaves gives the tickets back", async ({ page, javaScriptEnabled }) => {
  await hold(page, javaScriptEnabled);
  const here = page.url();
  await page.getByText("Leave and give the tickets back").click();
  await page.getByRole("button", { name: "Give the tickets back" }).click();
  await expect(page).not.toHaveURL(here);
  await page.goto(here);
  await expect(page.getByRole("heading", { name: "The tickets are back on sale" })).toBeVisible();
});

test("a free ticket needs no bank", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "free");
  await page.goto("/events?price=free");
  const first = await page.locator('main a[href^="/e/"]').first().getAttribute("href");
  await hold(page, javaScriptEnabled, first, /Free/);
  await page.locator('[name="form[email]"]').fill(email);
  await page.locator('[name="form[name]"]').fill("Vida Kralj");
  await page.locator("main form button[type=submit].btn-wide").click();
  await expect(page).toHaveURL(order, { timeout: 20_000 });
  await expect(page.getByText("Your tickets are here.")).toBeVisible();
  const file = page.getByRole("link", { name: "Save as PDF" });
  const answer = await page.request.get(await file.getAttribute("href"));
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
});

test("lost links come by mail, and strangers learn nothing", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "lost");
  await toTheBank(page, javaScriptEnabled, email);
  await page.locator("button[value=succeed]").click();
  await expect(page).toHaveURL(order, { timeout: 20_000 });
  const secret = page.url().split("/").pop();
  await mail(email, new RegExp(secret));
  const before = mailsTo(email).length;
  const answers = [];
  for (const who of [email, address(info, "nobody")]) {
    await open(page, "/find-my-tickets", javaScriptEnabled);
    await page.locator("main [name=email]").fill(who);
    await page.getByRole("button", { name: "Send me the links" }).click();
    await expect(page.getByText("Have a look at your mail")).toBeVisible();
    answers.push(await page.locator("main [role=status]").innerText());
  }
  expect(answers[0]).toBe(answers[1]);
  await expect.poll(() => mailsTo(email).length, { timeout: 15_000 }).toBe(before + 1);
  expect(mailsTo(email).at(-1)).toContain(secret);
});

// Presses the tab key until the control has the focus.
async function tabTo(page, control) {
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`the tab key never reaches ${control}`);
}

test("a ticket is bought without touching the mouse", async ({ page, javaScriptEnabled }, info) => {
  await open(page, event, javaScriptEnabled);
  await tabTo(page, page.locator("#choose li", { hasText: /€28/ }).getByRole("spinbutton"));
  await page.keyboard.press("ArrowUp");
  await tabTo(page, page.locator("#choose button[type=submit]"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/checkout\//);
  if (javaScriptEnabled) await hydrated(page);
  await tabTo(page, page.locator('[name="form[email]"]'));
  await page.keyboard.type(address(info, "keys"));
  await tabTo(page, page.locator('[name="form[name]"]'));
  await page.keyboard.type("Vida Kralj");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/pay$/);
  await tabTo(page, page.getByRole("button", { name: "Pay €28.00" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.locator("button[value=succeed]"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(order, { timeout: 20_000 });
});

test("a buyer takes a better ticket and pays the difference", async ({ page, javaScriptEnabled }, info) => {
  const email = address(info, "better");
  const look = () => suits(page, javaScriptEnabled);
  await toTheBank(page, javaScriptEnabled, email);
  await page.locator("button[value=succeed]").click();
  await expect(page).toHaveURL(order, { timeout: 20_000 });
  const before = page.url();
  await open(page, before, javaScriptEnabled);
  await page.locator("summary", { hasText: "Change tickets" }).click();
  await page.getByRole("link", { name: "Change tickets or add some" }).click();
  await expect(page).toHaveURL(/\/change$/);
  await look();
  await page.getByRole("checkbox").first().check();
  await page.locator(".change-offer", { hasText: "€14.00 more than before" }).getByRole("spinbutton").fill("1");
  await page.getByRole("button", { name: "Show what it costs" }).click();
  await expect(page.getByText("Credit for 1 ticket given in")).toBeVisible();
  await look();
  await page.getByRole("button", { name: "Change and pay €14.00" }).click();
  await expect(page).toHaveURL(/\/pay$/);
  await page.getByRole("button", { name: "Pay €14.00" }).click();
  await expect(page).toHaveURL(/\/sandbox\//);
  await page.locator("button[value=succeed]").click();
  await expect(page).toHaveURL(order, { timeout: 20_000 });
  expect(page.url()).not.toBe(before);
  await expect(page.getByText("Made for tickets of order")).toBeVisible();
  await look();
  await open(page, before, javaScriptEnabled);
  await expect(page.getByText("Tickets were changed into order")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Mara Lindqvist Quartet");
});

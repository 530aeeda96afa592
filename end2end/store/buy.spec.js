import { expect, open, test } from "../support/journey.js";
import { mail } from "../support/mailbox.js";

const event = "/e/mara-lindqvist-quartet";

async function choose(page, quantity, scripts) {
  await open(page, event, scripts);
  await page.getByLabel("How many: Standing").fill(String(quantity));
  // The browser works a little, in case there is a crowd.
  if (scripts) await expect(page.locator("#choose [name=proof]")).toHaveValue(/^\d+\.[a-z2-7]{32}:\d+$/, { timeout: 15_000 });
  await page.locator("#choose button[type=submit]").click();
  await expect(page).toHaveURL(/\/checkout\//);
}

async function give(page, email, name) {
  await page.locator('[name="form[email]"]').fill(email);
  await page.locator('[name="form[name]"]').fill(name);
  await page.getByRole("button", { name: "Continue to payment" }).click();
}

test("from the event to the ticket, past a typo and a declined card", async ({ page, javaScriptEnabled }, info) => {
  const email = `ana-${info.project.name}-${Date.now()}@buyers.example`;
  await choose(page, 2, javaScriptEnabled);
  await give(page, "ana@gmial.com", "Ana Novak");
  await expect(page.getByText("ana@gmail.com")).toBeVisible();
  await expect(page.locator('[name="form[name]"]')).toHaveValue("Ana Novak");
  await give(page, email, "Ana Novak");

  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}\/pay/);
  await page.getByRole("button", { name: "Pay €56.00" }).click();
  await page.locator("button[value=decline]").click();
  await expect(page.getByText("The payment did not go through")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Pay €56.00" }).click();
  await page.locator("button[value=succeed]").click();
  await expect(page).toHaveURL(/\/orders\/[a-z2-7]{32}$/, { timeout: 20_000 });
  await expect(page.locator("h1")).toContainText("Mara Lindqvist Quartet");
  await expect(page.getByText("Ticket 1 of 2")).toBeVisible();
  await expect(page.getByText("Ticket 2 of 2")).toBeVisible();

  const [link] = await mail(email, /http:\/\/[^\s"<]+\/orders\/[a-z2-7]{32}/);
  expect(page.url()).toBe(link);
});

test("an empty choice and an empty form are explained, not punished", async ({ page, javaScriptEnabled }) => {
  await open(page, event, javaScriptEnabled);
  await page.locator("#choose button[type=submit]").click();
  await expect(page.locator("h1")).toBeVisible();
  await expect(page).toHaveURL(/\/e\//);
});

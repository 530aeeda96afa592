// A mailed link is good where it was asked for; in another browser it asks for the digits that stand there.
import { signUp, unique } from "../support/founder.js";
import { expect, test } from "../support/journey.js";
import { mail } from "../support/mailbox.js";

test("a link that is opened on another device wants the digits of the first", async ({ page, another }) => {
  const email = `phone-${unique()}@people.example`;
  await signUp(await another(), "Pia Fon", email);

  await page.goto("/sign-in/link");
  const main = page.locator("main");
  await main.getByLabel("Email").fill(email);
  await main.getByRole("button", { name: "Send the link" }).click();
  const digits = await main.locator(".link-code").innerText();
  expect(digits).toMatch(/^\d{6}$/);
  const [link] = await mail(email, /\/sign-in\/link\/[a-z2-7]+/);

  // A thief who reads the mail knows nothing of them.
  const phone = await another();
  await phone.goto(link);
  const there = phone.locator("main");
  const field = there.getByLabel("Six digits from the other browser");
  await field.fill(digits === "000000" ? "111111" : "000000");
  await there.getByRole("button", { name: "Sign in" }).click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await field.fill(`${digits.slice(0, 3)} ${digits.slice(3)}`);
  await there.getByRole("button", { name: "Sign in" }).click();
  await expect(phone).toHaveURL(/\/(account|organize)/);
});

test("where the link was asked for a press is enough, and the digits stay", async ({ page, another }) => {
  const email = `desk-${unique()}@people.example`;
  await signUp(await another(), "Desi Tisch", email);
  await page.goto("/reset");
  const main = page.locator("main");
  await main.getByLabel("Email").fill(email);
  await main.getByRole("button", { name: "Send the link" }).click();
  await expect(main.locator(".link-code")).toHaveText(/^\d{6}$/);
  // A telephone may have forgotten the page meanwhile, or its owner wants it in Arabic.
  const digits = await main.locator(".link-code").innerText();
  await page.reload();
  await expect(main.locator(".link-code")).toHaveText(digits);
  const [link] = await mail(email, /\/reset\/[a-z2-7]+/);
  await page.goto(link);
  await expect(main.getByLabel("Six digits from the other browser")).toHaveCount(0);
  await main.getByLabel("New password").fill("another evening by the sea");
  await main.getByRole("button", { name: "Save and sign in" }).click();
  await expect(page).toHaveURL(/\/(account|organize)/);
});

// The platform admin of the sample. A code of the authenticator is good once, so one sign-in serves all tests of a
// worker, and two workers at the same moment take turns.
import { expect } from "./journey.js";
import { code, nextCode } from "./authenticator.js";
import { signIn } from "./founder.js";

export const admin = "admin@demo.bilten.example";
export const adminPassword = "curtain up at eight";
const key = "BILTENDEMOADMINKEYFORTRYINGTHING";

let cookies = null;

// The same for a browser that runs no scripts.
export async function visitAsAdmin(visitor) {
  let page = await visitor.fill("/sign-in", "sign_in", { email: admin, password: adminPassword });
  for (let now = code(key), tries = 0; page.path.startsWith("/sign-in/code") && tries < 4; now = await nextCode(key), tries += 1) {
    page = await visitor.fill("/sign-in/code", "sign_in_code", { code: now });
  }
}

export async function enterAsAdmin(page) {
  if (cookies) {
    await page.context().addCookies(cookies);
    await page.goto("/organize");
    return;
  }
  await signIn(page, admin, adminPassword);
  const main = page.locator("main");
  for (let now = code(key), tries = 0; ; now = await nextCode(key), tries += 1) {
    await expect(main.getByLabel("Code")).toBeVisible();
    await main.getByLabel("Code").fill(now);
    await main.getByRole("button", { name: "Sign in" }).click();
    const inside = () => new URL(page.url()).pathname === "/organize";
    await expect(async () => expect(inside() || (await main.getByText("This code is not right").isVisible())).toBe(true)).toPass();
    if (inside()) break;
    if (tries === 3) throw new Error("the admin is not let in");
  }
  cookies = (await page.context().cookies()).filter((one) => one.name.includes("session"));
}

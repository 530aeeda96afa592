import { expect, test } from "./steps.js";

test("the overview counts along while people buy", async ({ organizer, somebody, page }) => {
  await organizer.sells({ price: "15" });
  await expect(page.getByText("0 of 20")).toBeVisible();
  let left = false;
  page.on("framenavigated", () => (left = true));
  const guest = await somebody();
  await guest.buys(organizer.shop, { quantity: 3, pay: "€45.00" });
  await expect(page.getByText("3 of 20")).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText("€45.00", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Seat/ })).toContainText("3");
  expect(left).toBe(false);
});

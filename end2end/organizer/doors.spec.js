// Running the doors: a list, a gate that is opened for other tickets, a word to all scanners.
import { expect, test } from "./steps.js";

for (const scripts of [false, true]) {
  test.describe(scripts ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: scripts });

    test("a list is made, a gate opened and a message sent", async ({ organizer, page }) => {
      await organizer.sells({ price: "0" });
      const door = `${organizer.event}/door`;
      await organizer.open(door);
      await organizer.follow("Check-in lists");
      await expect(page.getByText("There are no lists, and none are needed")).toBeVisible();
      await organizer.suits();
      await organizer.follow("New list");

      // Slips are named beside their fields, and what was typed stays.
      await organizer.fill({ "Name": "Evening", "Gates": "North\nStage door", "How many times": "0" });
      await organizer.press("Save");
      await expect(page.locator(".field-error")).toHaveCount(1);
      await expect(page.getByLabel(/^Name/)).toHaveValue("Evening");
      await organizer.fill({ "How many times": "1" });
      await page.getByLabel(/^May come back/).check();
      await organizer.press("Save");
      await expect(page.getByText("All tickets, at North and Stage door, may leave and come back")).toBeVisible();
      await organizer.suits();

      await organizer.follow("Back to the door");
      await organizer.fill({ "Message": "Doors close at ten" });
      await organizer.press("Send to all scanners");
      await expect(page.locator(".door-said").getByText("Doors close at ten")).toBeVisible();
      await page.locator("#open-gate").fill("South");
      await page.locator("select[name=kind]").selectOption({ label: "Seat" });
      await organizer.press("Open the gate");
      await expect(page.locator(".door-openings").getByText("Seat at South")).toBeVisible();
      await organizer.suits();
      await organizer.press("Close again");
      await expect(page.locator(".door-openings li")).toHaveCount(0);
    });
  });
}

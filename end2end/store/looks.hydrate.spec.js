// The pages one comes to without buying, as people see them: nothing to find for axe, nothing wider than a phone.
import { accessible, fits, open, test } from "../support/journey.js";

const pages = {
  home: "/",
  events: "/events",
  nothing: "/events?q=zzzzqqqq",
  event: "/e/mara-lindqvist-quartet",
  "sold-out": "/events?q=night",
  organizer: "/o/harbour-lane",
  "sign-in": "/sign-in",
  "find-my-tickets": "/find-my-tickets",
  "sign-up": "/sign-up",
  "forgotten-password": "/reset",
  "not-found": "/e/nothing-of-that-name",
};

for (const [name, address] of Object.entries(pages)) {
  for (const language of ["en", "ar"]) {
    test(`${name} in ${language}`, async ({ page }) => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await open(page, `${address}${address.includes("?") ? "&" : "?"}lang=${language}`);
      await accessible(page);
      await page.screenshot({ path: `shots/${name}-${language}-wide.png`, fullPage: true });
      await page.setViewportSize({ width: 360, height: 740 });
      await fits(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `shots/${name}-${language}-phone-dark.png`, fullPage: true });
      await accessible(page);
    });
  }
}

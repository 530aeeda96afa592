// `cargo xtask door-day` starts this. BASE_URL: the server; SITE: its files, where a new build may come; FOLDER: room for the devices' profiles; CHROMIUM,
// PSQL: programs; DATABASE_URL: the server's books; TICKETS, DEVICES, SCANS, SEED: how large a day.
import { chromium } from "@playwright/test";
import { Book } from "./book.js";
import { live, faults } from "./day.js";
import { buyTickets } from "./guests.js";
import { onSale, ownAddress, unique } from "../support/founder.js";
import { door, enter, organization } from "../scanner/steps.js";

const env = process.env;
const base = env.BASE_URL;
const settings = {
  tickets: Number(env.TICKETS),
  devices: Number(env.DEVICES),
  scans: Number(env.SCANS),
  seed: Number(env.SEED),
  renewed: Boolean(env.SITE),
};
const say = (text) => console.log(`  ${text}`);

const browser = await chromium.launch({ executablePath: env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
let bad = 1;
try {
  const context = await browser.newContext({ baseURL: base, locale: "en-GB" });
  const page = await context.newPage();
  await page.setExtraHTTPHeaders(ownAddress());
  await enter(page, "owner");
  await page.waitForURL(/\/organize/);
  const address = await onSale(page, `/organize/${organization}`, { title: `Door day ${unique()}`, places: settings.tickets });
  const slug = address.split("/").pop();
  const bought = Date.now();
  const codes = await buyTickets(base, slug, settings.tickets);
  say(`${codes.length} tickets bought in ${seconds(bought)}`);
  const organizer = await (await browser.newContext({ baseURL: base, locale: "en-GB" })).newPage();
  await door(organizer, { slug });
  const day = await live({ base, program: env.CHROMIUM, folder: env.FOLDER, site: env.SITE, organizer, slug, codes, settings, say });
  await organizer.reload();
  const shown = await organizer.getByRole("table", { name: "To look at" }).getByRole("row").count();
  const book = new Book(env.PSQL, env.DATABASE_URL);
  const result = faults(day, {
    lines: book.lines(slug),
    pending: book.pending(slug),
    // Its first row is the head.
    shown: Math.max(0, shown - 1),
    devices: settings.devices,
  });
  report(day, result);
  bad = result.found.length;
  for (const fault of result.found.slice(0, 30)) console.log(`WRONG ${fault}`);
  if (bad) console.log(`${bad} faults; to live this day again: cargo xtask door-day --tickets ${settings.tickets} --devices ${settings.devices} --scans ${settings.scans} --seed ${settings.seed}`);
} catch (fault) {
  console.log(`WRONG ${fault.stack}\nseed ${settings.seed}`);
} finally {
  await browser.close();
}
process.exit(bad ? 1 : 0);

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function report(day, result) {
  const { tally } = day;
  const rows = [
    ["seed", settings.seed],
    ["scans with an answer", tally.scans],
    ["green on a screen", result.greens],
    ["admissions in the book", result.admissions],
    ["people inside", result.inside],
    ["conflicts", result.conflicts],
    ["shown as doubtful on devices", result.looked.join(" + ")],
    ["outages", tally.outages],
    ["tabs killed in a scan", tally.tabs],
    ["browsers killed in a scan", tally.browsers],
    ["updates of the worker", tally.updates],
    ["duration", `${(day.took / 1000).toFixed(0)} s`],
  ];
  for (const [what, value] of rows) console.log(`  ${what.padEnd(30)} ${value}`);
}

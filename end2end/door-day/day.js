// A day at the doors: what `plan.js` has decided happens, and is held against what the server has in its books.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Device } from "./device.js";
import { ticketOf } from "./guests.js";
import { plan } from "./plan.js";
import { forged, makeLink } from "../scanner/steps.js";
import { Chance } from "./chance.js";

// How far the time of a scan may be from when it happened. What a device knows of the server's clock is half an answer's way
// wrong; on a machine with three browsers that can be a while.
const TOLERANCE = 3_000;

export async function live({ base, program, folder, site, organizer, slug, codes, settings, say }) {
  const began = Date.now();
  const chance = new Chance(settings.seed);
  const doors = plan(chance, { ...settings, tickets: codes.length });
  const seen = [];
  const tally = { scans: 0, outages: 0, tabs: 0, browsers: 0, updates: 0 };
  const devices = [];
  try {
    for (const door of doors) {
      const profile = join(folder, `device-${door.number}`);
      mkdirSync(profile, { recursive: true });
      const gate = `Gate ${door.number + 1}`;
      const device = new Device({ base, program, profile, name: `Device ${door.number + 1}`, gate, clock: door.clock });
      devices.push(device);
      await device.open();
      await device.pairWith(await makeLink(organizer, gate));
    }
    say(`${devices.length} devices are paired; their clocks are wrong by ${doors.map((door) => `${(door.clock / 3_600_000).toFixed(1)} h`).join(", ")}`);

    let renewed = false;
    // One more file to keep: to browsers that is a new build.
    const renew = () => {
      if (renewed) return;
      renewed = true;
      const built = readdirSync(join(site, "pkg")).find((name) => /^__wasm_split\..*\.js$/.test(name));
      copyFileSync(join(site, "pkg", built), join(site, "pkg", "__wasm_split.of-the-day.js"));
    };
    const all = doors.reduce((sum, door) => sum + door.deeds.length, 0);
    let done = 0;
    const night = doors.map(async (door) => {
      const device = devices[door.number];
      const own = new Chance(settings.seed * 31 + door.number);
      for (const [number, deed] of door.deeds.entries()) {
        try {
          await act(device, deed, { codes, own, seen, tally, renew });
        } catch (fault) {
          throw new Error(`${device.name}, deed ${number} ${JSON.stringify(deed)}: ${fault.stack}`);
        }
        done += 1;
        if (done % 250 === 0) say(`${done} of ${all} deeds, ${Math.round((Date.now() - began) / 1000)} s`);
      }
    });
    await Promise.all(night);

    for (const device of devices) await device.setOffline(false);
    for (const device of devices) await device.settled();
    // What one has told last is heard by the others with their next list.
    const inside = await agreed(devices);
    const refused = await Promise.all(devices.map((device) => device.number("Refused")));
    const looked = await Promise.all(devices.map((device) => told(device.page)));
    return { doors, seen, tally, inside, refused, looked, took: Date.now() - began };
  } finally {
    for (const device of devices) await device.kill().catch(() => {});
  }
}

async function act(device, deed, { codes, own, seen, tally, renew }) {
  switch (deed.do) {
    case "outage":
      tally.outages += 1;
      return device.setOffline(true);
    case "network":
      return device.setOffline(false);
    case "update": {
      const offline = device.offline;
      if (offline) await device.setOffline(false);
      renew();
      await device.update();
      tally.updates += 1;
      if (offline) await device.setOffline(true);
      return;
    }
  }
  const genuine = deed.ticket === undefined ? null : codes[deed.ticket];
  const code = deed.kind === "foreign" ? `https://example.org/${own.below(1e6)}` : deed.kind === "forged" ? forged(genuine) : genuine;
  const about = { device: device.name, kind: deed.kind, ticket: deed.kind === "foreign" ? "" : ticketOf(genuine) };
  if (deed.killed) {
    tally[deed.killed === "tab" ? "tabs" : "browsers"] += 1;
    const times = await device.scanAndDie(code, deed.killed, own.pick([0, 5, 20, 60, 200]));
    // Nobody saw what it said; so the guest shows the ticket once more.
    seen.push({ ...about, ...times, said: null });
  }
  tally.scans += 1;
  seen.push({ ...about, ...(await device.scan(code)) });
}

// Waits until all devices count the same people inside.
async function agreed(devices) {
  const until = Date.now() + 60_000;
  for (;;) {
    const inside = await Promise.all(devices.map((device) => device.number("Inside")));
    if (inside.every((count) => count === inside[0]) || Date.now() > until) return inside;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

// How many of its admissions a device shows as doubtful.
async function told(page) {
  const summary = page.getByText(/^To look at \(\d+\)/);
  return (await summary.count()) ? Number((await summary.textContent()).match(/\((\d+)\)/)[1]) : 0;
}

// Everything that is not as it must be, in words.
export function faults({ seen, inside, refused, looked }, { lines, pending, shown, devices }) {
  const found = [];
  const admits = lines.filter((line) => line.kind === "admit");
  const of = new Map();
  for (const line of admits) {
    const key = `${line.device} ${line.ticket}`;
    of.set(key, [...(of.get(key) ?? []), line]);
  }
  const greens = seen.filter((scan) => scan.said?.startsWith("valid"));
  for (const green of greens) {
    const its = of.get(`${green.device} ${green.ticket}`) ?? [];
    if (its.length === 0) found.push(`a green is lost: ${JSON.stringify(green)}`);
    else if (!its.some((line) => line.at >= green.before - TOLERANCE && line.at <= green.after + TOLERANCE)) {
      found.push(`a green has another time: ${JSON.stringify(green)} against ${its.map((line) => line.at)}`);
    }
    if (green.kind === "forged" || green.kind === "foreign") found.push(`let in: ${JSON.stringify(green)}`);
  }
  for (const [key, its] of of) {
    const [first] = its;
    const known = seen.some((scan) => scan.device === first.device && scan.ticket === first.ticket && (scan.said === null || scan.said.startsWith("valid")));
    if (!known) found.push(`nobody saw this admission: ${key}`);
    if (its.length > 1) found.push(`one device let the same ticket in ${its.length} times: ${key}`);
  }
  for (const scan of seen) {
    if (scan.said && scan.kind === "foreign" && scan.said !== "unknown") found.push(`a web address is ${scan.said}`);
    if (scan.said && scan.kind === "forged" && scan.said !== "forged") found.push(`a forged code is ${scan.said}`);
  }
  const tickets = new Map();
  for (const line of admits) tickets.set(line.ticket, [...(tickets.get(line.ticket) ?? []), line]);
  let conflicts = 0;
  for (const [ticket, its] of tickets) {
    const accepted = its.filter((line) => line.outcome === "accepted");
    const lost = its.filter((line) => line.outcome === "conflict");
    conflicts += lost.length;
    if (accepted.length !== 1 || lost.length !== its.length - 1) {
      found.push(`ticket ${ticket} was let in ${its.length} times: ${accepted.length} accepted, ${lost.length} conflicts`);
    } else if (lost.some((line) => line.at < accepted[0].at)) found.push(`ticket ${ticket}: a later door won`);
  }
  if (inside.some((count) => count !== tickets.size)) found.push(`${tickets.size} are inside, the devices say ${inside}`);
  const names = [...pending.keys()].sort();
  if (names.length !== devices) found.push(`${names.length} devices in the book`);
  for (const [at, name] of names.entries()) {
    if (pending.get(name) !== 0) found.push(`${name} has ${pending.get(name)} scans waiting`);
    const own = lines.filter((line) => line.device === name);
    const noes = own.filter((line) => line.kind === "refuse").length;
    if (noes !== refused[at]) found.push(`${name} counts ${refused[at]} refusals, the server ${noes}`);
  }
  // The door page shows the latest fifty.
  if (shown !== Math.min(conflicts, 50)) found.push(`${conflicts} conflicts, ${shown} of them before the people who run the door`);
  return { found, conflicts, greens: greens.length, admissions: admits.length, inside: tickets.size, looked };
}

// What happens on the day, decided by the seed before anything begins: each door gets a list of deeds of its own.

// Among a hundred deeds of a door.
const OUTAGES = 6;
const BACK_AGAIN = 8;
const KILLED = 3;
// Among so many kills it is the whole browser once.
const BROWSER_ONE_IN = 3;
// Among a hundred scans.
const AT_ANOTHER_DOOR = 10;
const ONCE_MORE_HERE = 4;
const FORGED = 3;
const FOREIGN = 2;

const HOUR = 3_600_000;

// `renewed`: whether a new build comes in the middle.
export function plan(chance, { tickets, devices, scans, renewed = true }) {
  const doors = Array.from({ length: devices }, (_, number) => ({
    number,
    // The first and the last are a day wrong, each in its own direction.
    clock: number === 0 ? -24 * HOUR : number === devices - 1 ? 24 * HOUR : chance.between(-24 * HOUR, 24 * HOUR),
    deeds: [],
    shown: [],
    offline: false,
  }));
  let fresh = 0;
  for (let scan = 0; scan < scans; scan++) {
    const door = chance.pick(doors);
    around(chance, door);
    const others = doors.filter((other) => other !== door && other.shown.length > 0);
    const roll = chance.below(100);
    const killed = chance.below(100) < KILLED ? (chance.below(BROWSER_ONE_IN) === 0 ? "browser" : "tab") : null;
    const deed = { do: "scan", killed };
    if (roll < FOREIGN) Object.assign(deed, { kind: "foreign", killed: null });
    else if (roll < FOREIGN + FORGED) Object.assign(deed, { kind: "forged", ticket: chance.below(tickets), killed: null });
    // The last ticket again at once is its guest's hand not being away yet: no scan.
    else if (roll < FOREIGN + FORGED + ONCE_MORE_HERE && door.shown.length > 1) {
      Object.assign(deed, { kind: "again", ticket: door.shown[chance.below(door.shown.length - 1)] });
    } else if (roll < FOREIGN + FORGED + ONCE_MORE_HERE + AT_ANOTHER_DOOR && others.length > 0) {
      Object.assign(deed, { kind: "double", ticket: chance.pick(chance.pick(others).shown.slice(-20)) });
    } else if (fresh < tickets) Object.assign(deed, { kind: "first", ticket: fresh++ });
    else Object.assign(deed, { kind: "again", ticket: chance.below(tickets) });
    if (door.shown.at(-1) === deed.ticket && deed.ticket !== undefined) continue;
    if (deed.kind !== "forged" && deed.kind !== "foreign") door.shown.push(deed.ticket);
    door.deeds.push(deed);
  }
  for (const door of doors) if (renewed) door.deeds.splice(Math.ceil(door.deeds.length / 2), 0, { do: "update" });
  return doors;
}

// The network comes and goes.
function around(chance, door) {
  if (chance.below(100) < (door.offline ? BACK_AGAIN : OUTAGES)) {
    door.offline = !door.offline;
    door.deeds.push({ do: door.offline ? "outage" : "network" });
  }
}

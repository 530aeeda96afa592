// What the server has written down, asked past it.
import { execFileSync } from "node:child_process";

export class Book {
  constructor(psql, url) {
    Object.assign(this, { psql, url });
  }

  rows(sql) {
    const text = execFileSync(this.psql, ["-X", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", this.url, "-c", sql], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return text.split("\n").filter(Boolean).map((line) => line.split("|"));
  }

  // All lines of all doors of an event.
  lines(slug) {
    const sql = `select c.id, d.name, coalesce(c.ticket_id::text, ''), c.kind, c.outcome, c.verdict,
                        round(extract(epoch from c.scanned_at) * 1000)
                 from check_ins c join devices d on d.id = c.device_id join events e on e.id = c.event_id
                 where e.slug = '${slug}' order by c.scanned_at`;
    return this.rows(sql).map(([id, device, ticket, kind, outcome, said, at]) => ({ id, device, ticket, kind, outcome, said, at: Number(at) }));
  }

  // What each device said was still waiting when it was last heard of.
  pending(slug) {
    const sql = `select d.name, d.pending from devices d join events e on e.id = d.event_id where e.slug = '${slug}'`;
    return new Map(this.rows(sql).map(([name, pending]) => [name, Number(pending || 0)]));
  }
}

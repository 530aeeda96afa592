// A short film of a code held before a camera, for a browser whose camera is a file (uncompressed, YUV4MPEG2).
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const [width, height] = [640, 480];
const module = 7;
const quiet = 4;
const table = 96;

// One second: a moment of nothing, then the code, a little askew as hands hold it.
export function film(path, dark) {
  const empty = frame(() => table);
  const held = [-5, -4, -3, -4, -6, -7].map((degrees) => frame(brightness(dark, (degrees * Math.PI) / 180)));
  const still = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420mpeg2\n`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat([still, empty, empty, empty, empty, ...held]));
}

function brightness(dark, angle) {
  const side = dark.length + 2 * quiet;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => {
    const [dx, dy] = [x - width / 2, y - height / 2];
    const column = Math.floor((dx * cos + dy * sin) / module + side / 2);
    const row = Math.floor((dy * cos - dx * sin) / module + side / 2);
    if (column < 0 || row < 0 || column >= side || row >= side) return table;
    return dark[row - quiet]?.[column - quiet] ? 40 : 215;
  };
}

function frame(shade) {
  const head = Buffer.from("FRAME\n");
  const picture = Buffer.alloc(width * height * 1.5, 128);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) picture[y * width + x] = shade(x, y);
  }
  return Buffer.concat([head, picture]);
}

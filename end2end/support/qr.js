// Reads the QR codes Bilten draws: one SVG path of whole modules, error correction M, nothing worn or torn. So the data
// is taken as it stands, without repairing it (ISO/IEC 18004).

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// For level M by version: repair words per block, blocks.
const BLOCKS = [, [10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5]];
const ALIGNMENT = [, [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// The dark modules of a drawn code, without the white around it.
export function modules(svg) {
  const side = Number(svg.match(/viewBox="0 0 (\d+) /)[1]);
  const quiet = 4;
  const size = side - 2 * quiet;
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h1v1h-1z/g)) dark[y - quiet][x - quiet] = true;
  return dark;
}

// The text in a drawn code.
export function textOf(svg) {
  const dark = modules(svg);
  const size = dark.length;
  const version = (size - 17) / 4;
  const format = [0, 1, 2, 3, 4].reduce((bits, x) => bits * 2 + Number(dark[8][x]), 0) ^ 0b10101;
  if (format >> 3 !== 0 || !BLOCKS[version]) throw new Error(`a QR code of another kind: version ${version}`);
  const masked = MASKS[format & 7];
  const words = wordsOf(dark, version, masked);
  return read(bits(data(words, ...BLOCKS[version])), version);
}

function isFixed(x, y, size, version) {
  if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8)) return true;
  if (x === 6 || y === 6) return true;
  if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
  const places = ALIGNMENT[version];
  const last = places.at(-1);
  const inCorner = (a, b) => (a === 6 && b === 6) || (a === 6 && b === last) || (a === last && b === 6);
  return places.some((a) => places.some((b) => !inCorner(a, b) && Math.abs(x - a) <= 2 && Math.abs(y - b) <= 2));
}

// Two columns at a time from the right, upwards and downwards in turn.
function wordsOf(dark, version, masked) {
  const size = dark.length;
  const found = [];
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (!isFixed(x, y, size, version)) found.push(dark[y][x] !== masked(x, y));
      }
    }
  }
  const words = [];
  for (let at = 0; at + 8 <= found.length; at += 8) {
    words.push(found.slice(at, at + 8).reduce((word, bit) => word * 2 + Number(bit), 0));
  }
  return words;
}

// Blocks are dealt out like cards; the longer ones come last.
function data(words, repair, count) {
  const short = Math.floor(words.length / count) - repair;
  const shorts = count - (words.length % count);
  const blocks = Array.from({ length: count }, () => []);
  let at = 0;
  for (let row = 0; row <= short; row++) {
    for (let block = 0; block < count; block++) {
      if (row < short || block >= shorts) blocks[block].push(words[at++]);
    }
  }
  return blocks.flat();
}

function bits(words) {
  const all = words.flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((place) => (word >> place) & 1));
  let at = 0;
  return (length) => {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 2 + (all[at++] ?? 0);
    return value;
  };
}

function read(take, version) {
  const wide = version >= 10;
  let text = "";
  const raw = [];
  for (;;) {
    const mode = take(4);
    if (mode === 0) break;
    if (mode === 1) {
      for (let left = take(wide ? 12 : 10); left > 0; left -= 3) {
        const digits = Math.min(left, 3);
        text += String(take(digits * 3 + 1)).padStart(digits, "0");
      }
    } else if (mode === 2) {
      for (let left = take(wide ? 11 : 9); left > 0; left -= 2) {
        const pair = take(left > 1 ? 11 : 6);
        text += left > 1 ? ALPHANUMERIC[Math.floor(pair / 45)] + ALPHANUMERIC[pair % 45] : ALPHANUMERIC[pair];
      }
    } else if (mode === 4) {
      for (let left = take(wide ? 16 : 8); left > 0; left--) raw.push(take(8));
      text += Buffer.from(raw.splice(0)).toString("utf8");
    } else throw new Error(`a QR code with data of kind ${mode}`);
  }
  return text;
}

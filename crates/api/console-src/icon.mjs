// Draws `src/favicon.svg` once more as a 32 × 32 icon for clients that only know /favicon.ico.
const SIZE = 32;
const SAMPLES = 4;
const GROUND = [0xb3, 0x26, 0x1e];
const MARK = [0xff, 0xd5, 0x4a];
const NODES = [
  [16, 9],
  [8, 22],
  [24, 22],
];

/** ICO with one frame: directory, bitmap header, BGRA rows from the bottom up, empty mask. */
export function drawIcon() {
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) pixels.set(colour(x, y), ((SIZE - 1 - y) * SIZE + x) * 4);
  }
  const mask = Buffer.alloc((SIZE * SIZE) / 8);
  const bitmap = Buffer.concat([bitmapHeader(), pixels, mask]);
  return Buffer.concat([directory(bitmap.length), bitmap]);
}

function directory(length) {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt16LE(1, 2);
  bytes.writeUInt16LE(1, 4);
  bytes.set([SIZE, SIZE, 0, 0, 1, 0, 32, 0], 6);
  bytes.writeUInt32LE(length, 14);
  bytes.writeUInt32LE(22, 18);
  return bytes;
}

function bitmapHeader() {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt32LE(40, 0);
  bytes.writeInt32LE(SIZE, 4);
  bytes.writeInt32LE(SIZE * 2, 8);
  bytes.writeUInt16LE(1, 12);
  bytes.writeUInt16LE(32, 14);
  return bytes;
}

/** Mean over SAMPLES² points of the pixel, as blue, green, red, alpha. */
function colour(x, y) {
  const sum = [0, 0, 0, 0];
  for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
    const px = x + ((sample % SAMPLES) + 0.5) / SAMPLES;
    const py = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    if (!insideGround(px, py)) continue;
    const [red, green, blue] = onMark(px, py) ? MARK : GROUND;
    [blue, green, red, 255].forEach((value, channel) => (sum[channel] += value));
  }
  const covered = sum[3] / 255 || 1;
  return [sum[0] / covered, sum[1] / covered, sum[2] / covered, sum[3] / SAMPLES ** 2].map(Math.round);
}

function insideGround(x, y) {
  const dx = Math.max(6 - x, x - 26, 0);
  const dy = Math.max(6 - y, y - 26, 0);
  return Math.hypot(dx, dy) <= 6;
}

function onMark(x, y) {
  return NODES.some(([nx, ny], index) => {
    const [mx, my] = NODES[(index + 1) % NODES.length];
    return Math.hypot(x - nx, y - ny) <= 4 || distance(x, y, [nx, ny], [mx, my]) <= 1.25;
  });
}

function distance(x, y, [ax, ay], [bx, by]) {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
}

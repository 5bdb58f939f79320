import type { ImageSource, MedicalImage } from "../../src/types.ts";
import { hash32 } from "../../src/util/prng.ts";

const WIDTH = 32;
const HEIGHT = 24;

/** A normal image: a slope from dark to bright that all share, and noise of its own. */
export function normalImage(number: number): MedicalImage {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const slope = 3 * (i % WIDTH) + 2 * Math.floor(i / WIDTH);
    return 20 + slope + (hash32(number, i, 1) % 24);
  });
  return {
    name: nameOf(number),
    width: WIDTH,
    height: HEIGHT,
    channels: 1,
    data,
    geometry: plain,
    issues: [],
  };
}

const plain = { spacing: [1, 1, 1], unit: "px" } as const;

function nameOf(number: number): string {
  return `normal_${String(number).padStart(3, "0")}.png`;
}

/** The same with a bright square of 6 x 6 pixels whose first pixel is (x, y). */
export function imageWithSpot(number: number, x: number, y: number): MedicalImage {
  const image = normalImage(number);
  const data = image.data.map((value, i) => {
    const [column, row] = [i % WIDTH, Math.floor(i / WIDTH)];
    const inside = column >= x && column < x + 6 && row >= y && row < y + 6;
    return inside ? 250 : value;
  });
  return { ...image, name: `spot_${number}.png`, data: data as Uint8Array };
}

/** Sources of the normal images `from` to `to` (exclusive); `onRead` is called with the name before each is given. */
export function normalSources(
  from: number,
  to: number,
  onRead: (name: string, signal?: AbortSignal) => void | Promise<void> = () => undefined,
): ImageSource[] {
  return Array.from({ length: to - from }, (_, i) => {
    const image = normalImage(from + i);
    return {
      name: image.name,
      read: async (signal) => {
        await onRead(image.name, signal);
        return image;
      },
    };
  });
}

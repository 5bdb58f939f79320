import type { MedicalImage, ScalarMap } from "../types.ts";

/**
 * An image as one channel in the units of its pixels, [height, width]. Colour by the ITU-R 601 weights of Pillow's
 * convert("L"), without its rounding. A grey image of floats is not copied: the result shares its pixels.
 */
export function toGrey(image: MedicalImage): ScalarMap {
  const { width, height, data } = image;
  if (image.channels === 3) return { width, height, data: colourToGrey(image) };
  return { width, height, data: data instanceof Float32Array ? data : new Float32Array(data) };
}

function colourToGrey({ width, height, data }: MedicalImage): Float32Array {
  const grey = new Float32Array(width * height);
  for (let pixel = 0, i = 0; pixel < grey.length; pixel++, i += 3) {
    grey[pixel] = (299 * data[i] + 587 * data[i + 1] + 114 * data[i + 2]) / 1000;
  }
  return grey;
}

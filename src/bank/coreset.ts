// A uniform random sample of all patches, taken in one pass with memory for the sample alone.
//
// Each patch gets a priority, a hash of (seed, image, patch); the coreset is the `capacity` patches of lowest
// priority ("bottom-k sampling"; Cohen & Kaplan, VLDB 2008). The outcome does not depend on the order of arrival,
// and two coresets merge into the coreset of the union, which is how a bank is extended.

import { assert } from "../util/assert.ts";
import { encodeHalf } from "../util/float16.ts";
import { hash32 } from "../util/prng.ts";

export interface CoresetLayer {
  readonly dims: number;
  /** [capacity in use, dims], half precision. */
  data: Uint16Array;
}

/** The rows of a coreset in order of image and patch. */
export interface CoresetRows {
  readonly rows: number;
  readonly layers: readonly Uint16Array[];
  readonly priority: Uint32Array;
  readonly image: Uint32Array;
  readonly patch: Uint32Array;
}

/** A sample that grows. */
export class Coreset {
  readonly #seed: number;
  readonly #capacity: number;
  readonly #layers: readonly CoresetLayer[];
  #priority = new Uint32Array(1024);
  #image = new Uint32Array(1024);
  #patch = new Uint32Array(1024);
  /** Slots as a max-heap: the first holds the row that goes next. Unused while everything is kept. */
  #heap: number[] = [];
  #rows = 0;

  /**
   * @param capacity most rows kept, or "all"
   * @param dims values of a row in each layer
   */
  constructor(seed: number, capacity: number | "all", dims: readonly number[]) {
    this.#seed = seed;
    this.#capacity = capacity === "all" ? Number.POSITIVE_INFINITY : capacity;
    this.#layers = dims.map((d) => ({ dims: d, data: new Uint16Array(1024 * d) }));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Offers every patch of an image. @param layers one [patches, dims] array per layer */
  offer(image: number, layers: readonly Float32Array[]): void {
    assert(layers.length === this.#layers.length, `${layers.length} layers offered`);
    const patches = layers[0].length / this.#layers[0].dims;
    for (let patch = 0; patch < patches; patch++) {
      const slot = this.#admit(hash32(this.#seed, image, patch), image, patch);
      if (slot < 0) continue;
      for (const [l, { dims, data }] of this.#layers.entries()) {
        encodeHalf(layers[l].subarray(patch * dims, (patch + 1) * dims), data, slot * dims);
      }
    }
  }

  /** Takes in the rows of another coreset that was drawn with the same seed. */
  merge(other: CoresetRows): void {
    for (let row = 0; row < other.rows; row++) {
      const slot = this.#admit(other.priority[row], other.image[row], other.patch[row]);
      if (slot < 0) continue;
      for (const [l, { dims, data }] of this.#layers.entries()) {
        data.set(other.layers[l].subarray(row * dims, (row + 1) * dims), slot * dims);
      }
    }
  }

  /** A copy of the sample, ordered by image and patch. */
  sorted(): CoresetRows {
    const order = Uint32Array.from({ length: this.#rows }, (_, slot) => slot);
    order.sort((a, b) => this.#image[a] - this.#image[b] || this.#patch[a] - this.#patch[b]);
    return {
      rows: this.#rows,
      layers: this.#layers.map((layer) => gather(layer, order)),
      priority: order.map((slot) => this.#priority[slot]),
      image: order.map((slot) => this.#image[slot]),
      patch: order.map((slot) => this.#patch[slot]),
    };
  }

  /** The slot for a new row, or -1 when its priority is too high to be kept. */
  #admit(priority: number, image: number, patch: number): number {
    const full = this.#rows >= this.#capacity;
    if (full && !this.#before(priority, image, patch, this.#heap[0])) return -1;
    const slot = full ? this.#heap[0] : this.#newSlot();
    this.#priority[slot] = priority;
    this.#image[slot] = image;
    this.#patch[slot] = patch;
    if (full) this.#siftDown(0);
    else if (Number.isFinite(this.#capacity)) this.#push(slot);
    return slot;
  }

  #newSlot(): number {
    if (this.#rows === this.#priority.length) this.#grow();
    return this.#rows++;
  }

  #grow(): void {
    const size = Math.min(this.#rows * 2, Math.max(this.#capacity, this.#rows + 1));
    this.#priority = enlarge(this.#priority, size);
    this.#image = enlarge(this.#image, size);
    this.#patch = enlarge(this.#patch, size);
    for (const layer of this.#layers) {
      const data = new Uint16Array(size * layer.dims);
      data.set(layer.data);
      layer.data = data;
    }
  }

  /** Whether a row of this priority comes before the row in `slot`; ties go by image and patch. */
  #before(priority: number, image: number, patch: number, slot: number): boolean {
    if (priority !== this.#priority[slot]) return priority < this.#priority[slot];
    if (image !== this.#image[slot]) return image < this.#image[slot];
    return patch < this.#patch[slot];
  }

  #slotBefore(a: number, b: number): boolean {
    return this.#before(this.#priority[a], this.#image[a], this.#patch[a], b);
  }

  #push(slot: number): void {
    const heap = this.#heap;
    let i = heap.push(slot) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#slotBefore(heap[parent], heap[i])) return;
      [heap[parent], heap[i]] = [heap[i], heap[parent]];
      i = parent;
    }
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    for (let i = start; ; ) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && this.#slotBefore(heap[left], heap[right]) ? right : left;
      if (!this.#slotBefore(heap[i], heap[child])) return;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
}

function gather(layer: CoresetLayer, order: Uint32Array): Uint16Array {
  const data = new Uint16Array(order.length * layer.dims);
  for (let row = 0; row < order.length; row++) {
    const from = order[row] * layer.dims;
    data.set(layer.data.subarray(from, from + layer.dims), row * layer.dims);
  }
  return data;
}

function enlarge(array: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(array);
  return larger;
}

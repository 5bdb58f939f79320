import { readFileSync } from "node:fs";
import { data, log } from "dcmjs";
import type { Geometry } from "../../src/types.ts";
import type { SourceFrame, SourceSeries, VolumeSize } from "../../src/volume-types.ts";

// It tells of odd headers on the console, which is not what is tested.
log.setLevel("silent");
log.getLogger("validation.dcmjs").setLevel("silent");

export interface ReadSource {
  readonly source: SourceSeries;
  readonly size: VolumeSize;
  readonly geometry: Geometry;
}

type Natural = Record<string, unknown>;

interface PlacedFrame {
  readonly frame: SourceFrame;
  /** Directions of the rows and of the columns; absent where the file does not tell. */
  readonly orientation?: readonly number[];
  /** Between rows, between columns. */
  readonly spacing?: readonly number[];
}

/** Single files of one series, or a multi-frame file, as the encoders take them; sorted along their normal. */
export function readDicomSource(paths: readonly string[]): ReadSource {
  const headers = paths.map(readHeader);
  const frames = headers.flatMap(framesOf);
  const first = headers[0];
  const width = Number(first.Columns);
  const height = Number(first.Rows);
  const { orientation, spacing } = frames[0];
  const sorted = orientation === undefined ? frames : sortedAlong(normalOf(orientation), frames);
  const { PixelData: _, ...attributes } = first;
  return {
    source: { frames: sorted.map(({ frame }) => frame), attributes },
    size: [width, height, frames.length],
    geometry: geometryOf(sorted, orientation, spacing),
  };
}

function readHeader(path: string): Natural {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return data.DicomMetaDictionary.naturalizeDataset(
    data.DicomMessage.readFile(file, { ignoreErrors: true }).dict,
  );
}

function framesOf(header: Natural): PlacedFrame[] {
  const instance = {
    sopClassUid: String(header.SOPClassUID),
    sopInstanceUid: String(header.SOPInstanceUID),
  };
  if (header.NumberOfFrames === undefined) return [placed(instance, header)];
  const perFrame = items(header.PerFrameFunctionalGroupsSequence);
  const shared = items(header.SharedFunctionalGroupsSequence)[0] ?? {};
  return Array.from({ length: Number(header.NumberOfFrames) }, (_, index) => {
    const groups = { ...shared, ...perFrame[index] };
    const planes = ["PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence"];
    const flat = Object.assign({}, ...planes.map((name) => items(groups[name])[0] ?? {})) as Natural;
    return placed({ ...instance, frame: index + 1 }, flat);
  });
}

function placed(instance: Omit<SourceFrame, "position">, attributes: Natural): PlacedFrame {
  const position = numbers(attributes.ImagePositionPatient) ?? [0, 0, 0];
  const orientation = numbers(attributes.ImageOrientationPatient);
  const spacing = numbers(attributes.PixelSpacing);
  return {
    frame: { ...instance, position: [position[0], position[1], position[2]] },
    ...(orientation && { orientation }),
    ...(spacing && { spacing }),
  };
}

function items(sequence: unknown): Natural[] {
  if (sequence === undefined) return [];
  return Array.isArray(sequence) ? sequence : [sequence as Natural];
}

function numbers(value: unknown): readonly number[] | undefined {
  return Array.isArray(value) ? value.map(Number) : undefined;
}

function normalOf([a, b, c, d, e, f]: readonly number[]): readonly number[] {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

function sortedAlong(normal: readonly number[], frames: readonly PlacedFrame[]): readonly PlacedFrame[] {
  const along = ({ frame }: PlacedFrame) => frame.position.reduce((sum, x, i) => sum + x * normal[i], 0);
  return [...frames].sort((one, other) => along(one) - along(other));
}

function geometryOf(
  frames: readonly PlacedFrame[],
  orientation?: readonly number[],
  spacing?: readonly number[],
): Geometry {
  const unplaced = { spacing: [1, 1, 1], unit: "px" } as const;
  if (!orientation || !spacing) return unplaced;
  const start = frames[0].frame.position;
  const step = (frames.at(1)?.frame.position ?? start).map((x, i) => x - start[i]);
  const affine = [0, 1, 2].flatMap((i) => [
    orientation[i] * spacing[1],
    orientation[3 + i] * spacing[0],
    step[i],
    start[i],
  ]);
  const between = Math.hypot(...step) || 1;
  return { spacing: [spacing[1], spacing[0], between], unit: "mm", affine: [...affine, 0, 0, 0, 1] };
}

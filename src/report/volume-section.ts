// Volumes in a report: for each a slice scroller, its lesions and its issues. Pictures of slices lie beside the page and
// are loaded when they are shown; without JavaScript the montage is seen.

import { counted, shortNumber } from "./format.ts";
import { fileAddress, type Markup, markup } from "./markup.ts";
import { fileText, issueList, verdictText } from "./report-parts.ts";
import type { VolumeResult } from "./volume-results.ts";

/** All volumes, the highest score first; nothing where there are none. */
export function volumesSection(volumes: readonly VolumeResult[], decidable: boolean): Markup {
  if (volumes.length === 0) return markup``;
  const sorted = [...volumes].sort((a, b) => b.score - a.score);
  return markup`<section aria-labelledby="volumes-title">
<h2 id="volumes-title">Volumes</h2>
${sorted.map((volume, i) => volumeArticle(volume, i, decidable))}</section>`;
}

function volumeArticle(volume: VolumeResult, place: number, decidable: boolean): Markup {
  const { file, size, spacing, unit, axis, count, finding, score, pValue, abnormal, issues } = volume;
  const extent = `${size.join(" × ")} voxels, ${counted(count, `${axis} slice`)}, ${spacing.map(shortNumber).join(" × ")} ${unit}`;
  return markup`<article class="volume" aria-labelledby="volume-${place}">
<h3 id="volume-${place}">${fileText(file)}</h3>
<p>${verdictText(abnormal, decidable)}: ${finding}. Highest score of a slice ${shortNumber(score)}, p = ${shortNumber(pValue)}. <small>${extent}</small></p>
${scroller(volume, place)}
${lesionTable(volume)}
${issues.length > 0 && markup`<p>Issues: ${issueList.cell({ issues })}</p>`}
${fileLinks(volume)}
</article>
`;
}

function scroller({ file, pictures, preview, volumeLesions, slices }: VolumeResult, place: number): Markup {
  const addresses = pictures.map((picture) => (picture === null ? null : fileAddress(picture)));
  if (addresses.every((address) => address === null)) return markup``;
  const start = volumeLesions.length > 0 ? middleOf(volumeLesions[0].slices) : highestSlice(slices);
  const still = preview === null ? "" : fileAddress(preview);
  return markup`<figure class="scroller" data-pictures="${JSON.stringify(addresses)}">
<noscript><img src="${still}" alt="Montage of the slices of ${file}"></noscript>
<img class="slice" alt="Slice of ${file} with map and mask" width="384" height="384" hidden>
<figcaption hidden><label for="slice-${place}">Slice</label>
<input type="range" id="slice-${place}" min="1" max="${addresses.length}" value="${start + 1}">
<output for="slice-${place}"></output></figcaption>
</figure>`;
}

function middleOf([first, last]: readonly [number, number]): number {
  return Math.floor((first + last) / 2);
}

function highestSlice(slices: VolumeResult["slices"]): number {
  const highest = slices.reduce<VolumeResult["slices"][number] | undefined>(
    (best, slice) => (best && best.score >= slice.score ? best : slice),
    undefined,
  );
  return highest?.index ?? 0;
}

function lesionTable({ volumeLesions, unit }: VolumeResult): Markup {
  if (volumeLesions.length === 0) return markup``;
  const inPatient = volumeLesions.every(({ centreLps }) => centreLps !== undefined);
  const headings = [
    ...["Lesion", "Volume, ml", "Voxels", `Largest diameter, ${unit}`],
    ...[inPatient ? "Centre (L, P, S), mm" : "Centre (x, y, z), voxels", "Slices", "Score", "p-value"],
  ];
  return markup`<div class="scroll" tabindex="0"><table>
<thead><tr>${headings.map((heading) => markup`<th scope="col" class="number">${heading}</th>`)}</tr></thead>
<tbody>
${volumeLesions.map(
  ({ label, volumeMl, voxels, largestDiameter, centre, centreLps, slices, score, pValue }) => {
    const cells = [
      ...[
        label,
        shortNumber(volumeMl ?? null),
        voxels,
        shortNumber(largestDiameter),
        placeText(centreLps ?? centre),
      ],
      ...[`${slices[0] + 1}–${slices[1] + 1}`, shortNumber(score), shortNumber(pValue)],
    ];
    return markup`<tr>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}</tr>\n`;
  },
)}</tbody>
</table></div>`;
}

/** To a tenth, which is less than a voxel. */
function placeText(place: readonly number[]): string {
  return place.map((value) => (Math.round(value * 10) / 10 || 0).toFixed(1)).join(", ");
}

function fileLinks({ mask, segmentation, map, preview }: VolumeResult): Markup {
  const links = [
    ["mask", mask],
    ["DICOM segmentation", segmentation],
    ["anomaly map", map],
    ["montage", preview],
  ] as const;
  const written = links.flatMap(([text, file]) => (file === null ? [] : [[text, file] as const]));
  if (written.length === 0) return markup``;
  return markup`<p>Files: ${written.map(([text, file], i) => markup`${i > 0 && ", "}<a href="${fileAddress(file)}">${text}</a>`)}</p>`;
}

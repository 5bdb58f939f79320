// The volumes of an evaluation: a table of what was found in 3-D, and some slices of each.

import type { EvaluateDocument, EvaluationVolume } from "./evaluate-document.ts";
import { shortNumber } from "./format.ts";
import { fileAddress, type Markup, markup } from "./markup.ts";
import { fileText, issueList, verdictText } from "./report-parts.ts";

const HEADINGS = [
  ...["Volume", "Truth", "Verdict", "p-value", "DICE", "Mask, ml", "Reference, ml", "Difference, ml"],
  ...["Lesions found", "False lesions", "Issues"],
] as const;

/** Nothing where the data set has no volume. */
export function evaluatedVolumes(volumes: EvaluateDocument["volumes"], decidable: boolean): Markup {
  if (volumes === null) return markup``;
  return markup`<section aria-labelledby="volumes">
<h2 id="volumes">Volumes</h2>
<p>Measured in 3-D. The slices of volumes are the images of all other tables and figures.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="volumes"><table>
<thead><tr>${HEADINGS.map((heading) => markup`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${volumes.rows.map((row) => volumeRow(row, decidable))}</tbody>
</table></div>
${panels(volumes.rows)}
</section>`;
}

function volumeRow(row: EvaluationVolume, decidable: boolean): Markup {
  const { file, anomalous, abnormal, pValue, measures, issues } = row;
  const { lesions } = measures ?? {};
  const numbers = [
    ...[pValue, measures?.dice, measures?.maskMl, measures?.truthMl, measures?.volumeDifferenceMl].map(
      shortNumber,
    ),
    lesions ? `${lesions.found} of ${lesions.truths}` : shortNumber(null),
    shortNumber(lesions && lesions.predicted - lesions.matched),
  ];
  return markup`<tr><td class="file">${fileText(file)}</td><td>${anomalous ? "anomalous" : "good"}</td><td>${verdictText(abnormal, decidable)}</td>${numbers.map((text) => markup`<td class="number">${text}</td>`)}<td>${issueList.cell({ issues })}</td></tr>
`;
}

function panels(rows: readonly EvaluationVolume[]): Markup {
  const shown = rows.filter(({ panel }) => panel !== null);
  if (shown.length === 0) return markup``;
  return markup`<p>Some slices of each volume, from left to right: the image, the reference, the result.</p>
<ul class="cases">
${shown.map(panelItem)}</ul>`;
}

function panelItem({ file, panel, preview, measures, finding }: EvaluationVolume): Markup {
  const address = fileAddress(panel ?? "");
  const montage = preview !== null && markup` (<a href="${fileAddress(preview)}">montage</a>)`;
  return markup`<li><figure><a href="${address}"><img src="${address}" alt="Slices, reference and result of ${file}" loading="lazy" decoding="async"></a>
<figcaption>${fileText(file)}: DICE ${shortNumber(measures?.dice)}, ${finding}${montage}</figcaption></figure></li>
`;
}

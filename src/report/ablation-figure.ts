// The figure of an ablation: for each setting the DICE of its masks, from which a line leads to that of the best
// candidates, with the truth known. Drawn as SVG, since the charts of charts.ts have numbers on both axes.

import type { AblationDocument, AblationRow, AblationSet } from "./ablation-document.ts";
import { SET_TITLES } from "./ablation-table.ts";
import { type Markup, markup } from "./markup.ts";

const WIDTH = 820;
const LEFT = 250;
const RIGHT = 30;
const LINE = 24;
const TOP = 56;
const BOTTOM = 44;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

const colours = { validation: "#0b6fb8", test: "#c2410c", ink: "#1b2430", line: "#d5dbe2" } as const;

/** An SVG image that stands by itself, on white. */
export function ablationFigure(doc: AblationDocument, sets: readonly AblationSet[]): Markup {
  const rows = doc.rows.filter((row) => sets.some((set) => diceOf(row, set) !== null));
  const height = TOP + LINE * rows.length + BOTTOM;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="DICE of each setting" font-family="system-ui, sans-serif" font-size="13" fill="${colours.ink}">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${legend(sets)}
${TICKS.map((tick) => gridLine(tick, height))}<text x="${middle()}" y="${height - 8}" text-anchor="middle">DICE, mean over anomalous images</text>
${rows.map((row, i) => rowMarks(row, TOP + LINE * (i + 0.5), sets))}</svg>
`;
}

function xOf(dice: number): number {
  return Number((LEFT + dice * (WIDTH - LEFT - RIGHT)).toFixed(1));
}

function middle(): number {
  return xOf(0.5);
}

function diceOf(row: AblationRow, set: AblationSet): number | null {
  return row[set]?.measures.dice ?? null;
}

function legend(sets: readonly AblationSet[]): Markup {
  return markup`${sets.map(
    (set, i) => markup`<circle cx="${LEFT + 6}" cy="${14 + 18 * i}" r="5" fill="${colours[set]}"/>
<text x="${LEFT + 18}" y="${18 + 18 * i}">${SET_TITLES[set]}</text>
`,
  )}<text x="8" y="18">dot: final mask</text>
<text x="8" y="36">ring: oracle candidate</text>`;
}

function gridLine(tick: number, height: number): Markup {
  const x = xOf(tick);
  return markup`<line x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - BOTTOM + 6}" stroke="${colours.line}"/>
<text x="${x}" y="${height - BOTTOM + 22}" text-anchor="middle">${tick}</text>
`;
}

function rowMarks(row: AblationRow, y: number, sets: readonly AblationSet[]): Markup {
  const lane = sets.length > 1 ? 4 : 0;
  return markup`<text x="${LEFT - 14}" y="${y + 4}" text-anchor="end">${row.name}</text>
${sets.map((set, i) => marks(row, set, y + lane * (2 * i - 1)))}`;
}

function marks(row: AblationRow, set: AblationSet, y: number): Markup {
  const dice = diceOf(row, set);
  const best = row[set]?.measures.bestCandidate ?? null;
  const colour = colours[set];
  if (dice === null) return markup``;
  return markup`${
    best !== null &&
    markup`<line x1="${xOf(dice)}" x2="${xOf(best)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-opacity="0.5" stroke-width="2"/>
<circle cx="${xOf(best)}" cy="${y}" r="4" fill="#ffffff" stroke="${colour}" stroke-width="1.5"/>
`
  }<circle cx="${xOf(dice)}" cy="${y}" r="4.5" fill="${colour}"/>
`;
}

import { join } from "node:path";
import { readReportAssets } from "../io/report-assets.ts";
import { writeFileAtomic } from "../io/write-atomic.ts";
import type { AblationDocument } from "../report/ablation-document.ts";
import { ablationFigure } from "../report/ablation-figure.ts";
import { ablationReportHtml } from "../report/ablation-report.ts";
import { ablationCsv, ablationMarkdown, setsOf } from "../report/ablation-table.ts";
import { stableJson } from "../report/stable-json.ts";

export const ABLATION_DOCUMENTS = [
  "ablation.json",
  "ablation.md",
  "ablation.csv",
  "ablation.svg",
  "report.html",
] as const;

/** Writes what an ablation has found so far. Throws as writeFileAtomic. */
export async function writeAblation(folder: string, doc: AblationDocument): Promise<void> {
  const keys = ["program", "disclaimer", "dataset", "model", "name", "changes"];
  const contents: Record<(typeof ABLATION_DOCUMENTS)[number], string> = {
    "ablation.json": stableJson(doc, keys),
    "ablation.md": ablationMarkdown(doc),
    "ablation.csv": ablationCsv(doc),
    "ablation.svg": ablationFigure(doc, setsOf(doc)).toString(),
    "report.html": ablationReportHtml(doc, await readReportAssets()),
  };
  for (const name of ABLATION_DOCUMENTS) await writeFileAtomic(join(folder, name), contents[name]);
}

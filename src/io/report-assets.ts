import { readFile } from "node:fs/promises";
import type { ReportAssets } from "../types.ts";

/**
 * Reads the scripts and style sheets that reports inline, from the packages uplot (MIT, its licence goes along) and
 * sortable-tablesort (public domain).
 */
export async function readReportAssets(): Promise<ReportAssets> {
  const [uplotJs, uplotCss, uplotLicence, sortableJs, sortableKeys, sortableCss] = await Promise.all([
    readAsset(import.meta.resolve("uplot/dist/uPlot.iife.min.js")),
    readAsset(import.meta.resolve("uplot/dist/uPlot.min.css")),
    readAsset(import.meta.resolve("uplot/LICENSE")),
    readAsset(import.meta.resolve("sortable-tablesort/dist/sortable.min.js")),
    readAsset(import.meta.resolve("sortable-tablesort/dist/sortable.a11y.min.js")),
    readAsset(import.meta.resolve("sortable-tablesort/dist/sortable-base.min.css")),
  ]);
  return {
    // The licence takes the place of the banner, whose address has no place in an offline page.
    uplotJs: `/* uPlot\n${uplotLicence.trim()}\n*/\n${uplotJs.replace(/^\/\*!.*?\*\/\s*/, "")}`,
    uplotCss,
    sortableJs: `${sortableJs}\n${sortableKeys}`,
    sortableCss,
  };
}

async function readAsset(url: string): Promise<string> {
  // Unlike readFile's "utf8", the decoder drops a byte order mark, which would spoil the first rule of a style sheet.
  return new TextDecoder().decode(await readFile(new URL(url)));
}

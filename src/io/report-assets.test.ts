import { expect, test } from "vitest";
import { readReportAssets } from "./report-assets.ts";

test("reads scripts and styles that an offline page can inline", async () => {
  const assets = await readReportAssets();
  expect(assets.uplotJs).toContain("Copyright (c) 2022 Leon Sorokin");
  expect(assets.uplotJs).toContain("var uPlot=");
  expect(assets.uplotCss).toContain(".uplot");
  expect(assets.sortableJs).toContain("enhanceSortableAccessibility");
  expect(assets.sortableCss.startsWith(".sortable thead th")).toBe(true);
  for (const text of Object.values(assets)) expect(text).not.toMatch(/https?:|<\/(script|style)/i);
});

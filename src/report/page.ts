// The frame of a report: one file that works offline. Styles, scripts and data are inlined, pictures are inline or
// lie beside the page, and the content security policy forbids everything else.

import { raw } from "hono/html";
import type { ReportAssets } from "../types.ts";
import type { Chart } from "./charts.ts";
import { dataElement, type Markup, markup, scriptElement, styleElement } from "./markup.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { scrollerScript } from "./scroller-script.ts";

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly Chart[];
  readonly assets: ReportAssets;
}

const policy = [
  "default-src 'none'",
  "img-src 'self' file: data:",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The text of the page. */
export function pageHtml({ title, body, charts, assets }: Page): string {
  const page = markup`${raw("<!DOCTYPE html>")}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${styleElement(assets.uplotCss)}
${styleElement(assets.sortableCss)}
${styleElement(pageStyle)}
</head>
<body>
${body}
${dataElement("charts", charts)}
${scriptElement(assets.uplotJs)}
${scriptElement(assets.sortableJs)}
${scriptElement(pageScript)}
${scriptElement(scrollerScript)}
</body>
</html>
`;
  return page.toString();
}

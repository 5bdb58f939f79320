import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** HTML in which every text has been escaped. */
export type Markup = HtmlEscapedString;

/** What may stand in a template: texts are escaped, false and undefined leave nothing. */
export type MarkupValue = Markup | string | number | false | undefined | readonly MarkupValue[];

/** Template tag for HTML; every value is escaped, in texts and in quoted attributes alike. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  // hono's tag returns a promise only when one of the values is one.
  return html(strings, ...values) as Markup;
}

/** A script of our own or of a library; it cannot end its element early. */
export function scriptElement(code: string): Markup {
  return raw(`<script>\n${code.replaceAll(/<\/(?=script)/gi, "<\\/")}\n</script>`);
}

/** A style sheet of our own or of a library. */
export function styleElement(css: string): Markup {
  return raw(`<style>\n${css.replaceAll(/<\/(?=style)/gi, "<\\/")}\n</style>`);
}

/** Data for the page's script, under an id. */
export function dataElement(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return raw(`<script type="application/json" id="${id}">${json}</script>`);
}

/**
 * The address of a picture or file: an inline `data:image/` URI as it is, anything else as a path relative to the
 * page, whatever scheme it seems to name.
 */
export function fileAddress(file: string): string {
  if (/^data:image\/(png|jpeg|webp);base64,[a-z0-9+/=]*$/i.test(file)) return file;
  const wellFormed = file.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  return `./${wellFormed.split("/").map(encodeURIComponent).join("/")}`;
}

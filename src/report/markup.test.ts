import { describe, expect, test } from "vitest";
import { dataElement, fileAddress, markup, scriptElement } from "./markup.ts";

test("markup escapes texts, nests, and leaves out false and undefined", () => {
  const items = ["<a>", "b"].map((text) => markup`<li>${text}</li>`);
  const page = markup`<ul title="${`"'`}">${items}${false}${undefined}${0}</ul>`;
  expect(page.toString()).toBe('<ul title="&quot;&#39;"><li>&lt;a&gt;</li><li>b</li>0</ul>');
});

test("neither scripts nor data can end their element", () => {
  expect(scriptElement('f("</script>")').toString()).toBe('<script>\nf("<\\/script>")\n</script>');
  expect(dataElement("d", ["</script>"]).toString()).toBe(
    '<script type="application/json" id="d">["\\u003c/script>"]</script>',
  );
});

describe("fileAddress", () => {
  test("keeps folders and encodes the rest", () => {
    expect(fileAddress("over lays/a#1?.png")).toBe("./over%20lays/a%231%3F.png");
  });

  test("takes no scheme but that of an inline picture", () => {
    expect(fileAddress("javascript:alert(1)")).toBe("./javascript%3Aalert(1)");
    expect(fileAddress("data:text/html;base64,PGI+")).toBe("./data%3Atext/html%3Bbase64%2CPGI%2B");
    expect(fileAddress("data:image/png;base64,iVBO+/==")).toBe("data:image/png;base64,iVBO+/==");
  });

  test("survives half a surrogate pair", () => {
    expect(fileAddress("a\ud800b.png")).toBe("./a%EF%BF%BDb.png");
    expect(fileAddress("\u{1f9e0}.png")).toBe("./%F0%9F%A7%A0.png");
  });
});

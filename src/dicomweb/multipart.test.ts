import { describe, expect, test } from "vitest";
import { createRandom } from "../util/prng.ts";
import { Fault } from "./fault.ts";
import { multipartBody, partsOf } from "./multipart.ts";

const TYPE = 'multipart/related; type="application/dicom"; boundary=B';
const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The parts of a body that arrives in chunks of so many bytes. */
async function parts(
  body: string,
  { type = TYPE, chunk = 1000, largest = 100 } = {},
): Promise<readonly string[]> {
  async function* chunks() {
    const bytes = encode(body);
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const found: string[] = [];
  for await (const bytes of partsOf(chunks(), type, largest)) found.push(decode(bytes));
  return found;
}

async function fault(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Fault);
  const { passing, rule, got } = error as Fault;
  return `${passing ? "passing" : "lasting"}: must ${rule}, got ${got}`;
}

const HEAD = "Content-Type: application/dicom\r\n";
const TWO = `--B\r\n${HEAD}\r\nfirst\r\n--B\r\n${HEAD}\r\nsecond\r\n--B--\r\n`;

describe("partsOf", () => {
  test.each([1, 2, 3, 7, 1000])("finds the same parts in chunks of %i bytes", async (chunk) => {
    expect(await parts(TWO, { chunk })).toEqual(["first", "second"]);
  });

  test.each([
    'multipart/related; boundary="B"; type="application/dicom"',
    "multipart/related;boundary=B",
    "Multipart/Related; boundary=B ; start=x",
  ])("takes the boundary of %s", async (type) => {
    expect(await parts(TWO, { type })).toEqual(["first", "second"]);
  });

  test("boundaries of odd characters", async () => {
    const boundary = "=_x'(+),./:? -1";
    const body = TWO.replaceAll("--B", `--${boundary}`);
    expect(await parts(body, { type: `multipart/related; boundary="${boundary}"` })).toEqual([
      "first",
      "second",
    ]);
  });

  test.each(["\r\n", "This text stands before the first boundary.\r\n"])(
    "passes over %j before",
    async (preamble) => {
      expect(await parts(preamble + TWO)).toEqual(["first", "second"]);
    },
  );

  test.each([1, 7, 1000])(
    "passes over what follows the last boundary, in chunks of %i bytes",
    async (chunk) => {
      expect(await parts(`${TWO}And this after it.`, { chunk })).toEqual(["first", "second"]);
    },
  );

  test("line ends, dashes and beginnings of the boundary are data", async () => {
    const data = "\r\n\r\n--\r\n-B\r\n--A\r\n\n--B";
    for (const chunk of [1, 5, 1000]) {
      expect(await parts(`--B\r\n${HEAD}\r\n${data}\r\n--B--`, { chunk })).toEqual([data]);
    }
  });

  test("an empty part is empty, and a body may have none", async () => {
    expect(await parts(`--B\r\n${HEAD}\r\n\r\n--B--`)).toEqual([""]);
    expect(await parts("--B--\r\n")).toEqual([]);
  });

  test("gives what is complete before the body breaks off", async () => {
    const found: string[] = [];
    const read = async () => {
      async function* chunks() {
        yield encode(TWO.slice(0, TWO.indexOf("cond")));
      }
      for await (const bytes of partsOf(chunks(), TYPE, 100)) found.push(decode(bytes));
    };
    expect(await fault(read())).toBe("passing: must be answered in full, got a body that ends early");
    expect(found).toEqual(["first"]);
  });

  test("a missing last boundary is a cut, wherever it is cut", async () => {
    const end = TWO.lastIndexOf("--\r\n");
    for (let length = 0; length <= end; length++) {
      expect(await fault(parts(TWO.slice(0, length)))).toContain("passing: must be answered in full");
    }
  });

  test("a part that is shorter than told", async () => {
    const body = `--B\r\n${HEAD}Content-Length: 6\r\n\r\nfirst\r\n--B--`;
    expect(await fault(parts(body))).toContain("got a part that is shorter than told");
  });

  test("a head that is no text", async () => {
    const read = async () => {
      async function* chunks() {
        yield Uint8Array.of(...encode("--B\r\nX: "), 0xff, ...encode("\r\n\r\nfirst\r\n--B--"));
      }
      for await (const _ of partsOf(chunks(), TYPE, 100));
    };
    expect(await fault(read())).toContain("got a damaged body");
  });

  test("a part that is too large", async () => {
    expect(await parts(TWO, { largest: 6 })).toEqual(["first", "second"]);
    expect(await fault(parts(TWO, { largest: 5 }))).toBe(
      "lasting: must be answered with at most 5 bytes at a time, got more",
    );
  });

  test.each([
    ["text/html; charset=utf-8", "text/html"],
    ["multipart/form-data; boundary=B", "multipart/form-data"],
    ["multipart/related", "multipart/related"],
    ["<Doe^Jane>", "no content type"],
  ])("another type: %s", async (type, got) => {
    expect(await fault(parts(TWO, { type }))).toBe(
      `lasting: must be answered with multipart/related with a boundary, got ${got}`,
    );
  });
});

test("2,000 damaged bodies give parts or a Fault, and nothing else", async () => {
  const random = createRandom(7);
  let faults = 0;
  for (let n = 0; n < 2000; n++) {
    const bytes = encode(TWO);
    for (let change = 0; change < 3; change++) bytes[random.integer(bytes.length)] = random.integer(256);
    const body = bytes.subarray(0, bytes.length - random.integer(40));
    const read = async () => {
      async function* chunks() {
        for (let at = 0; at < body.length; at += 13) yield body.subarray(at, at + 13);
      }
      for await (const part of partsOf(chunks(), TYPE, 100)) expect(part.length).toBeLessThanOrEqual(100);
    };
    await read().catch((error: unknown) => {
      expect(error).toBeInstanceOf(Fault);
      faults++;
    });
  }
  expect(faults).toBeGreaterThan(1000);
});

test("multipartBody is read back", async () => {
  const { body, contentType } = multipartBody(encode("\r\nfile"));
  expect(contentType).toMatch(/^multipart\/related; type="application\/dicom"; boundary=mias-[0-9a-f]{32}$/);
  expect(await parts(await body.text(), { type: contentType })).toEqual(["\r\nfile"]);
});

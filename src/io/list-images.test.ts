import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listImages, listInputs } from "./list-images.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-list-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Empty files: only their names matter here. */
function touch(...names: readonly string[]) {
  for (const name of names) write(name, "");
}

function write(name: string, text: string) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** Lists inputs that are relative to the root, and gives what was found relative to it. */
async function list(...inputs: readonly string[]) {
  const absolute = inputs.map((input) =>
    input.startsWith("@") ? `@${join(root, input.slice(1))}` : join(root, input),
  );
  return (await listImages(absolute)).map((path) => relative(root, path));
}

describe("folders", () => {
  test("give images in natural order, through all subfolders", async () => {
    touch("s10.png", "s2.PNG", "s1.tif", "deep/er/a.WebP", "b.jpeg", "c.bmp", "notes.txt", "readme");
    expect(await list("")).toEqual(["b.jpeg", "c.bmp", "deep/er/a.WebP", "s1.tif", "s2.PNG", "s10.png"]);
  });

  test("do not give hidden files", async () => {
    touch("a.png", ".b.png", ".cache/c.png");
    expect(await list("")).toEqual(["a.png"]);
  });

  test("that link to themselves are searched once", async () => {
    touch("a/x.png", "b/y.png");
    symlinkSync("..", join(root, "a/up"));
    symlinkSync("../a", join(root, "b/over"));
    expect(await list("")).toEqual(["a/x.png", "b/y.png"]);
  });

  test("that are found through a link keep their own, shorter name", async () => {
    touch("a/x.png", "b/y.png", "b/c/z.png");
    symlinkSync("../b", join(root, "a/blink"));
    expect(await list("")).toEqual(["a/x.png", "b/c/z.png", "b/y.png"]);
  });

  test("keep a link that leads nowhere, so that reading it can tell", async () => {
    touch("a.png");
    symlinkSync("gone.png", join(root, "b.png"));
    expect(await list("")).toEqual(["a.png", "b.png"]);
  });
});

test.skipIf(process.platform === "win32")(
  "what is no file but has the name of an image is kept, so that reading it can tell (skipped on Windows)",
  async () => {
    touch("a.png");
    execFileSync("mkfifo", [join(root, "b.png")]);
    expect(await list("")).toEqual(["a.png", "b.png"]);
  },
);

describe("files", () => {
  test("that are named are kept whatever their ending", async () => {
    touch("scan.dat", ".hidden");
    expect(await list("scan.dat", ".hidden")).toEqual([".hidden", "scan.dat"]);
  });

  test("that are found twice are given once, by their shortest name", async () => {
    touch("a/x.png");
    symlinkSync("a/x.png", join(root, "link-to-x.png"));
    expect(await list("a", "a/x.png", "link-to-x.png", "a/*.png")).toEqual(["a/x.png"]);
  });

  test("may have a name that looks like a glob", async () => {
    touch("scan[1].png", "scan1.png");
    expect(await list("scan[1].png")).toEqual(["scan[1].png"]);
  });
});

describe("globs", () => {
  test("give images only", async () => {
    touch("a1.png", "a2.txt", "b1.png", "sub/a3.png", ".a4.png");
    expect(await list("a*")).toEqual(["a1.png"]);
    expect(await list("**/a*")).toEqual(["a1.png", "sub/a3.png"]);
  });

  test("come through loops of links", async () => {
    touch("a/x.png");
    symlinkSync("..", join(root, "a/up"));
    expect(await list("**/*.png")).toEqual(["a/x.png"]);
  });

  test("may be relative to the working folder", async () => {
    touch("x.png");
    const found = await listImages([`${relative(process.cwd(), root)}/*.png`]);
    expect(found).toEqual([join(relative(process.cwd(), root), "x.png")]);
  });
});

describe("lists", () => {
  test("name files, folders and globs relative to themselves; comments and empty lines are skipped", async () => {
    touch("data/x.png", "data/y.png", "data/sub/z.png", "data/#1.png");
    write("data/list.txt", "\uFEFF# normal\r\n\r\nx.png\r\n  sub\r\n./#1.png\r\ny*.png\r\n");
    expect(await list("@data/list.txt")).toEqual([
      "data/#1.png",
      "data/sub/z.png",
      "data/x.png",
      "data/y.png",
    ]);
  });

  test("may lie in a folder whose name looks like a glob", async () => {
    touch("[1]/x.png");
    write("[1]/list.txt", "*.png");
    expect(await list("@[1]/list.txt")).toEqual(["[1]/x.png"]);
  });
});

describe("of all inputs", () => {
  /** As `list`, of all inputs. */
  const listAll = (...inputs: readonly string[]) =>
    listInputs(inputs.map((input) => input.replace(/^@?/, (at) => `${at}${root}/`)));

  test("images in formats that are not read are told of once a folder or glob, and left out", async () => {
    touch(
      "a/x.gif",
      "a/b/y.GIF",
      "a/z.jp2",
      "a/ok.png",
      "a/notes.txt",
      "a/.hidden.gif",
      "g/ok.png",
      "g/k.heic",
    );
    const { files, issues, failures } = await listAll("a", "g/*");
    expect(files).toEqual([join(root, "a/ok.png"), join(root, "g/ok.png")]);
    expect(failures).toEqual([]);
    const formats = "PNG, JPEG, TIFF, WebP and BMP";
    expect(issues.map(({ code, subject, message }) => [code, subject, message])).toEqual([
      [
        "images-not-read",
        join(root, "a"),
        `2 files of ${root}/a are GIF images, which are not read; convert them to one of ${formats}`,
      ],
      [
        "images-not-read",
        join(root, "a"),
        `1 file of ${root}/a is a JPEG 2000 image, which is not read; convert it to one of ${formats}`,
      ],
      [
        "images-not-read",
        join(root, "g/*"),
        `1 file of ${root}/g/* is a HEIF image, which is not read; convert it to one of ${formats}`,
      ],
    ]);
  });

  test("a folder of nothing else is refused, and says why", async () => {
    touch("a/x.gif");
    await expect(listAll("a")).rejects.toThrow(
      /got none; 1 file of .* is a GIF image, which is not read; convert it/,
    );
  });

  test("a line of a list that yields nothing is a failure with its number, and the others stay", async () => {
    touch("x.png", "empty/notes.txt");
    write("list.txt", "# scans\nlost.png\nx.png\nempty\n");
    const { files, failures } = await listAll("@list.txt");
    expect(files).toEqual([join(root, "x.png")]);
    expect(failures).toMatchObject([
      {
        code: "image-failed",
        subject: join(root, "lost.png"),
        message: `line 2 of ${root}/list.txt: ${root}/lost.png does not exist; check the path`,
      },
      {
        subject: join(root, "empty"),
        message: expect.stringMatching(/^line 4 of .*empty must hold at least one/),
      },
    ]);
  });

  test("a list of nothing else is refused", async () => {
    write("list.txt", "lost.png\n");
    await expect(listAll("@list.txt")).rejects.toMatchObject({
      code: "no-images",
      message: `line 1 of ${root}/list.txt: ${root}/lost.png does not exist; check the path`,
    });
  });
});

describe("an input that yields nothing is named", () => {
  const refusal = (input: string) => expect(list(input)).rejects;

  test("whatever it is", async () => {
    touch("notes/readme.txt", "x.png");
    write("empty.txt", "# nothing\n");
    write("wrong.txt", "x.png\nlost.png\n");
    const none = "must hold at least one image (PNG, JPEG, TIFF, WebP, BMP), got none";
    await refusal("notes").toThrow(`${join(root, "notes")} ${none}`);
    await refusal("y*.png").toThrow(`${join(root, "y*.png")} ${none}`);
    await refusal("lost.png").toThrow(`${join(root, "lost.png")} does not exist; check the path`);
    await refusal("@empty.txt").toThrow(`list ${join(root, "empty.txt")} must name at least one image`);
    await refusal("@lost.txt").toThrow(`list ${join(root, "lost.txt")} cannot be read (ENOENT)`);
    await refusal("@wrong.txt").toThrow(`${join(root, "lost.png")} does not exist; check the path`);
    await refusal("lost.png").toMatchObject({ code: "no-images", subject: join(root, "lost.png") });
  });

  test.skipIf(process.getuid?.() === 0)("a folder below that may not be read (skipped as root)", async () => {
    touch("a/x.png", "b/y.png");
    chmodSync(join(root, "b"), 0);
    await refusal(".").toThrow(`${join(root, "b")} cannot be read (EACCES); check it`);
    chmodSync(join(root, "b"), 0o755);
  });

  test("an empty name, which must not become the working folder", async () => {
    for (const input of ["", "@"]) {
      await expect(listImages(["x.png", input])).rejects.toThrow("got an empty name; name one");
    }
  });

  test("no input at all", async () => {
    await expect(listImages([])).rejects.toThrow("inputs must name at least one image, got none");
  });
});

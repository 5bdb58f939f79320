// The layers of the source: who may import whom, read from the import lines of every file under src.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** What the pipeline joins; none of them knows of another. */
const STAGES = [
  ...[
    "io",
    "preprocess",
    "model",
    "patches",
    "bank",
    "map",
    "prompt",
    "mask",
    "metrics",
    "report",
    "phantom",
    "synthetic",
    "volume",
    "dicom",
    "dicomweb",
  ],
];
/** What everybody may use. */
const SHARED = [
  "types.ts",
  "errors.ts",
  "issues.ts",
  "bank-types.ts",
  "metric-types.ts",
  "option-types.ts",
  "volume-types.ts",
  "options.ts",
  "version.ts",
  "util",
  "geometry",
  "runtime",
];
/** Where the system meets Node, a user or a network. */
const EDGES = ["io", "cli", "jobs", "server", "node.ts"];
/** Packages and modules that exist in Node alone. */
const NODE_ONLY = /^(node:|sharp$|onnxruntime-node$|tinyglobby$|commander$|cli-progress$)/;
/** Globals that exist in Node alone. */
const NODE_GLOBALS = /\b(?:process|Buffer|__dirname|__filename)\b[.;,[)]/;
const MOST_LINES = 300;

interface Import {
  /** Of a file of ours, its path from src; of a package, its name. */
  readonly target: string;
  readonly ours: boolean;
  /** `import type` or `export type`: nothing is left of it at run time. */
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** From src, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const found = [
    ...[...text.matchAll(IMPORT)].map(([, type, name]) => ({ name, typeOnly: type !== undefined })),
    ...[...text.matchAll(DYNAMIC_IMPORT)].map(([, name]) => ({ name, typeOnly: false })),
  ];
  return found.map(({ name, typeOnly }) => {
    if (!name.startsWith(".")) return { target: name, ours: false, typeOnly };
    const target = relative(SRC, resolve(SRC, dirname(path), name));
    return { target: target.split(sep).join("/"), ours: true, typeOnly };
  });
}

function readSource(): SourceFile[] {
  return readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SRC, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
}

const files = readSource();
const byPath = new Map(files.map((file) => [file.path, file]));

/** The folder under src that a file is in, or the file itself where it is in none. */
function layerOf(path: string): string {
  return path.split("/")[0];
}

/** `a.ts -> b.ts` for each import of a file that `who` holds for and that `whom` finds fault with. */
function violations(who: (path: string) => boolean, whom: (target: Import) => boolean): string[] {
  return files
    .filter(({ path }) => who(path))
    .flatMap(({ path, imports }) => imports.filter(whom).map(({ target }) => `${path} -> ${target}`));
}

function reachableFrom(start: string): Set<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(byPath.get(path)?.imports ?? []).filter(({ ours }) => ours).map(({ target }) => target));
  }
  return reached;
}

/** Import cycles, each as the list of its files, found by depth-first search. */
function cycles(): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const { target, ours } of byPath.get(path)?.imports ?? []) if (ours) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

describe("the reader of imports", () => {
  test("sees every form", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B } from "../bank/b.ts";',
      'import c, * as d from "package";',
      "import {\n  type E,\n  e,\n} from './e.ts';",
      'import "./side-effect.ts";',
      'export * from "./f.ts";',
      'export type { G } from "./g.ts";',
      'const h = await import("node:fs");',
      'export const text = "not from anywhere";',
    ].join("\n");
    expect(importsOf("io/x.ts", text)).toEqual([
      { target: "io/a.ts", ours: true, typeOnly: false },
      { target: "bank/b.ts", ours: true, typeOnly: true },
      { target: "package", ours: false, typeOnly: false },
      { target: "io/e.ts", ours: true, typeOnly: false },
      { target: "io/side-effect.ts", ours: true, typeOnly: false },
      { target: "io/f.ts", ours: true, typeOnly: false },
      { target: "io/g.ts", ours: true, typeOnly: true },
      { target: "node:fs", ours: false, typeOnly: false },
    ]);
  });

  test("finds files that exist, and the stages all", () => {
    const missing = violations(
      () => true,
      ({ target, ours }) => ours && !byPath.has(target),
    );
    expect(missing).toEqual([]);
    const folders = new Set(files.map(({ path }) => layerOf(path)));
    expect(STAGES.filter((stage) => !folders.has(stage))).toEqual([]);
  });
});

describe("layers", () => {
  test("a stage imports itself and what is shared", () => {
    for (const stage of STAGES) {
      const foreign = violations(
        (path) => layerOf(path) === stage,
        ({ target, ours }) => ours && layerOf(target) !== stage && !SHARED.includes(layerOf(target)),
      );
      expect(foreign, stage).toEqual([]);
    }
  });

  test("what is shared imports nothing but what is shared", () => {
    const upwards = violations(
      (path) => SHARED.includes(layerOf(path)),
      ({ target, ours }) => ours && !SHARED.includes(layerOf(target)),
    );
    expect(upwards).toEqual([]);
  });

  test("the pipeline imports no edge", () => {
    const edges = violations(
      (path) => layerOf(path) === "pipeline",
      ({ target, ours }) => ours && EDGES.includes(layerOf(target)),
    );
    expect(edges).toEqual([]);
  });

  test("the command line and the server are imported by nobody else", () => {
    for (const edge of ["cli", "server"]) {
      const users = violations(
        (path) => layerOf(path) !== edge,
        ({ target, ours }) => ours && layerOf(target) === edge,
      );
      expect(
        users.filter((use) => !use.startsWith("cli/")),
        edge,
      ).toEqual([]);
    }
  });

  test("there is no cycle", () => {
    expect(cycles()).toEqual([]);
  });
});

describe.each(["index.ts", "clinical.ts"])("the core, which is all that %s reaches,", (entry) => {
  const core = reachableFrom(entry);

  test("is most of the system", () => {
    const joined = ["pipeline/fit.ts", "pipeline/segment.ts", "pipeline/open-stack.ts"];
    const all = new Set([...reachableFrom("index.ts"), ...reachableFrom("clinical.ts")]);
    expect(joined.filter((path) => !all.has(path))).toEqual([]);
  });

  test("imports nothing that only Node has", () => {
    const nodeOnly = violations(
      (path) => core.has(path),
      ({ target, ours }) => !ours && NODE_ONLY.test(target),
    );
    expect(nodeOnly).toEqual([]);
  });

  test("uses no global that only Node has", () => {
    const users = files.filter(({ path, text }) => core.has(path) && NODE_GLOBALS.test(text));
    expect(users.map(({ path }) => path)).toEqual([]);
  });

  test("reaches no edge", () => {
    expect([...core].filter((path) => EDGES.includes(layerOf(path)))).toEqual([]);
  });
});

describe("ONNX Runtime", () => {
  const users = (name: string) =>
    violations(
      () => true,
      ({ target }) => target === name,
    );

  test("for Node is imported in one file", () => {
    expect(users("onnxruntime-node")).toEqual(["io/node-runtime.ts -> onnxruntime-node"]);
  });

  test("is otherwise known by its types alone, in one file", () => {
    expect(users("onnxruntime-common")).toEqual(["runtime/runtime.ts -> onnxruntime-common"]);
    const known = byPath
      .get("runtime/runtime.ts")
      ?.imports.find(({ target }) => target === "onnxruntime-common");
    expect(known?.typeOnly).toBe(true);
  });
});

test(`no file is longer than ${MOST_LINES} lines`, () => {
  const lengths = files.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  const long = lengths.filter(({ lines }) => lines > MOST_LINES);
  expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

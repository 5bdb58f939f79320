import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const FOLDERS = ["/dist/", "/models/", "/node_modules/", "/test/browser/"];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The first two isolate the page from other origins, without which browsers give it no shared memory for threads. */
const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

export interface Site {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Paths that were asked for and not found. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves the repository's built code, packages and models read-only on loopback.
 * @param root folder of the repository
 * @param made further files: path -> bytes
 */
export async function serveRepository(root: string, made: ReadonlyMap<string, Uint8Array>): Promise<Site> {
  const missing: string[] = [];
  const server = createServer(async (request, response) => {
    const path = pathOf(request);
    const bytes = made.get(path) ?? (await readPublic(root, path));
    if (bytes === undefined) missing.push(path);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(bytes ? 200 : 404, { ...HEADERS, "content-type": type }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, missing, close };
}

/** Without dot segments, which the parser of URLs resolves. */
function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? "/", "http://site").pathname;
}

async function readPublic(root: string, path: string): Promise<Uint8Array | undefined> {
  if (!FOLDERS.some((folder) => path.startsWith(folder))) return undefined;
  return readFile(join(root, path)).catch(() => undefined);
}

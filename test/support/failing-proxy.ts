// A proxy before a DICOMweb server that fails where a test wants it to: from the first request that matches on, it
// breaks every connection, or keeps silent.

import { once } from "node:events";
import { createServer, request } from "node:http";

export interface FailingProxy {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * @param origin of the server behind it
 * @param failsAt matched with method and path
 */
export async function startFailingProxy(
  origin: string,
  failsAt: RegExp,
  how: "break" | "silence",
): Promise<FailingProxy> {
  let failing = false;
  const server = createServer((asked, answer) => {
    failing ||= failsAt.test(`${asked.method} ${asked.url}`);
    if (failing && how === "break") asked.socket.destroy();
    if (failing) return;
    const { method = "GET", headers } = asked;
    const behind = request(`${origin}${asked.url}`, { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    behind.on("error", () => answer.destroy());
    asked.pipe(behind);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port must be a number");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

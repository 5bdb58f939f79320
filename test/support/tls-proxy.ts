// TLS before a server that has none, as hospitals put a proxy before their PACS; with a certificate that nobody trusts.
// Orthanc's own TLS cannot be used: Debian's 1.10.1 crashes at the first connection.

import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";

export const hasOpenssl = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0;

export interface TlsProxy {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  /** A PEM file: the certificate, for who wants to trust it. */
  readonly certificate: string;
  stop(): void;
}

/** Hands requests on to an origin, `http://127.0.0.1:PORT`. Makes its certificate in the folder. */
export async function startTlsProxy(target: string, folder: string): Promise<TlsProxy> {
  mkdirSync(folder, { recursive: true });
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", key, "-out", certificate];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files];
  execFileSync("openssl", args, { stdio: "ignore" });
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (asked, answer) => {
      const onward = request(target + asked.url, { method: asked.method ?? "GET", headers: asked.headers });
      onward.on("response", (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      asked.pipe(onward);
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port must be a number");
  return {
    origin: `https://127.0.0.1:${address.port}`,
    certificate,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

// What a rejected fetch means. Browsers tell nothing but "failed"; Node's fetch has the code of the system, of TLS or of
// itself in the chain of causes.

import { Fault, stalled } from "./fault.ts";

const TLS =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;
const NOT_TLS = /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG))$/;
const LATE = /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/;
const DEEPEST = 5;
const CHECK = "check host, port and network, and that the server runs";
const CHECK_IN_BROWSER = `${CHECK}; in a browser, that it lets pages of this origin ask (CORS)`;

/** The fault behind what fetch, or the body of its answer, rejected with; what is no such error is thrown on. */
export function networkFault(error: unknown, seconds: number): Fault {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (code === undefined && !(error instanceof TypeError)) throw error;
  if (code !== undefined && NOT_TLS.test(code)) {
    return new Fault(
      { ofServer: true },
      ["be answered by TLS", `no TLS (${code})`, "check the port, or use dicomweb+http"],
      error,
    );
  }
  if (code !== undefined && TLS.test(code)) return untrusted(code, error);
  if (code !== undefined && LATE.test(code)) return stalled(seconds);
  return new Fault(
    { passing: true, ofServer: true },
    ["reach a server", wordsOf(code), code === undefined ? CHECK_IN_BROWSER : CHECK],
    error,
  );
}

function untrusted(code: string, cause: unknown): Fault {
  return new Fault(
    { ofServer: true },
    [
      "be answered with a certificate that this computer trusts",
      code,
      "set NODE_EXTRA_CA_CERTS to the PEM file of the authority that signed it",
    ],
    cause,
  );
}

function wordsOf(code: string | undefined): string {
  switch (code) {
    case undefined:
      return "a network error";
    case "ECONNREFUSED":
      return "a refused connection";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "no such host";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return "a broken connection";
    default:
      return `a network error (${code})`;
  }
}

function codeOf(error: unknown): string | undefined {
  let cause = error;
  for (let depth = 0; depth < DEEPEST && cause instanceof Error; depth++, cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return undefined;
}

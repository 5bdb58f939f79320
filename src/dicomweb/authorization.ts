import { MiasError } from "../errors.ts";

/** How a client shows who it is. Never part of messages, results or logs. */
export type Authorization =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string };

const PASSWORD = "MIAS_DICOMWEB_PASSWORD";
const TOKEN = "MIAS_DICOMWEB_TOKEN";

/**
 * Takes the credentials from `--user` and the environment: MIAS_DICOMWEB_PASSWORD for that user, or MIAS_DICOMWEB_TOKEN
 * alone. Undefined where nothing is given. Empty variables count as absent.
 * @throws MiasError `usage` where one lacks the other, both ways are given, or a token cannot be sent.
 */
export function credentialsFrom(
  user: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Authorization | undefined {
  const password = environment[PASSWORD] || undefined;
  const token = environment[TOKEN] || undefined;
  if (token !== undefined && user !== undefined) {
    throw refusal(`--user and ${TOKEN} must not be given together; leave one of them out`);
  }
  if (token !== undefined) return checked({ kind: "bearer", token });
  if (user === undefined && password === undefined) return undefined;
  if (user === undefined) throw refusal(`${PASSWORD} must come with a user; give --user`);
  if (password === undefined) throw refusal(`--user must come with a password; set ${PASSWORD}`);
  return checked({ kind: "basic", user, password });
}

/** The value of the header `Authorization`. @throws MiasError `usage` where it cannot be sent. */
export function authorizationHeader(authorization: Authorization): string {
  const sent = checked(authorization);
  if (sent.kind === "bearer") return `Bearer ${sent.token}`;
  const bytes = new TextEncoder().encode(`${sent.user}:${sent.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** fetch would name the whole header in its complaint, so what it refuses is refused before. */
function checked(authorization: Authorization): Authorization {
  if (authorization.kind === "bearer" && !/^[\x21-\x7e]+$/.test(authorization.token)) {
    throw refusal("a token must hold neither spaces nor line ends, only visible ASCII; check how it was set");
  }
  if (authorization.kind === "basic" && authorization.user.includes(":")) {
    throw refusal("a user of HTTP's basic authentication must hold no colon; give the user alone");
  }
  return authorization;
}

function refusal(message: string): MiasError {
  return new MiasError("usage", "DICOMweb credentials", message);
}

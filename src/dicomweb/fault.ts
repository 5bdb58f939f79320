// What can go wrong with a request to a DICOMweb server, told apart by what helps: another attempt, another instance, or
// only the user. A fault becomes a MiasError where it is known what was asked, and how often.

import { MiasError } from "../errors.ts";

/** Why an attempt of a request came to nothing. */
export class Fault extends Error {
  override readonly name = "Fault";
  /** Whether another attempt may do better. */
  readonly passing: boolean;
  /** Whether it lies with the server or the way to it, so that asking for something else will fare no better. */
  readonly ofServer: boolean;
  readonly rule: string;
  readonly got: string;
  readonly advice: string;

  constructor(
    { passing = false, ofServer = false }: { passing?: boolean; ofServer?: boolean },
    [rule, got, advice]: readonly [rule: string, got: string, advice: string],
    cause?: unknown,
  ) {
    super(`must ${rule}, got ${got}`, cause === undefined ? {} : { cause });
    this.passing = passing;
    this.ofServer = ofServer;
    this.rule = rule;
    this.got = got;
    this.advice = advice;
  }
}

/** A fault as users see it. `server-failed` may go away by itself, `server-refused` does not. */
export class ServerError extends MiasError {
  readonly ofServer: boolean;

  /** @param asked the request as named by `requestName`. @param attempts how often it was made. */
  constructor(asked: string, fault: Fault, attempts: number) {
    const often = fault.passing && attempts > 1 ? ` in each of ${attempts} attempts` : "";
    const sentence = `${asked} must ${fault.rule}, got ${fault.got}${often}; ${fault.advice}`;
    super(fault.passing ? "server-failed" : "server-refused", asked, sentence, { cause: fault });
    this.ofServer = fault.ofServer;
  }
}

/** Nothing was heard for the seconds. */
export function stalled(seconds: number): Fault {
  return new Fault({ passing: true, ofServer: true }, [
    `be answered without a pause of ${seconds} s`,
    "nothing for so long",
    "try again later, or raise the time-out",
  ]);
}

/** An answer began, but does not come to its end in time; nor would the next one. */
export function tooSlow(seconds: number): Fault {
  return new Fault({ ofServer: true }, [
    `be answered in full within ${seconds} s`,
    "a part of it",
    "look at the server's log, or raise the time-out",
  ]);
}

/** The answer ends before its end, or parts of it are damaged. */
export function cut(what: string, cause?: unknown): Fault {
  return new Fault(
    { passing: true },
    ["be answered in full", what, "look at the server's log, and at proxies on the way"],
    cause,
  );
}

export function wrongType(expected: string, type: string | null): Fault {
  const [media] = (type ?? "").split(";");
  const got = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(media.trim()) ? media.trim() : "no content type";
  return new Fault({}, [
    `be answered with ${expected}`,
    got,
    "check that the address is that of the server's DICOMweb service",
  ]);
}

export function tooLarge(limit: number): Fault {
  return new Fault({}, [
    `be answered with at most ${limit} bytes at a time`,
    "more",
    "raise the limit if this is meant",
  ]);
}

const CREDENTIALS = "check --user and MIAS_DICOMWEB_PASSWORD, or MIAS_DICOMWEB_TOKEN";
const LATER = "try again later, or look at the server's log";

/** What a status other than success says; the body is not read, as it may hold patient data. */
export function ofStatus(status: number): Fault {
  const got = `status ${status}`;
  if (status >= 500 || status === 408 || status === 429) {
    return new Fault({ passing: true }, ["be answered", got, LATER]);
  }
  // Browsers tell of a redirect as status 0.
  if (status === 0 || (status >= 300 && status < 400)) {
    return new Fault({ ofServer: true }, [
      "be answered by this server itself",
      "a redirect",
      "give the address that it leads to",
    ]);
  }
  switch (status) {
    case 401:
      return new Fault({ ofServer: true }, ["come with credentials that the server knows", got, CREDENTIALS]);
    case 403:
      return new Fault({ ofServer: true }, ["be allowed to this user", got, CREDENTIALS]);
    case 404:
    case 410:
      return new Fault({}, ["name what the server has", got, "check the address and its UIDs"]);
    case 413:
      return new Fault({}, ["be no larger than the server takes", got, "raise the server's limit"]);
    default:
      return new Fault({}, ["be understood by the server", got, "look at the server's log"]);
  }
}

// Requests with several attempts. ky decides when to try again and how long to wait: 0.3 s, doubled each time, without
// chance; or what Retry-After says. A body is read inside of the attempt, so that one which breaks is asked for again.

import ky, { isHTTPError } from "ky";
import { type Answer, askOnce, type Connection, type Question, urlOf } from "./connection.ts";
import { Fault, ofStatus, ServerError } from "./fault.ts";
import { shortUid } from "./uid.ts";

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 120_000;
const PASSING_STATUSES = [408, 429, ...Array.from({ length: 100 }, (_, i) => 500 + i)];

/** What to make of an answer. */
export interface Reading<T> {
  /** Statuses beside those of success whose body tells something. @default none */
  readonly alsoOf?: readonly number[];
  /** Throws a Fault where the answer is not what it should be. */
  read(answer: Answer): Promise<T>;
}

/** A request as messages name it: method and address with shortened UIDs, no query. */
export function requestName(
  { root }: Connection,
  { method, path }: Pick<Question, "method" | "path">,
): string {
  return `${method} ${root}${path.replace(/[^/]+/g, (part) => (/^[\d.]+$/.test(part) ? shortUid(part) : part))}`;
}

/**
 * Asks until the answer can be read, at most as often as the connection allows.
 * @throws ServerError, or the reason of the connection's signal.
 */
export async function ask<T>(connection: Connection, question: Question, reading: Reading<T>): Promise<T> {
  const results: T[] = [];
  const attempt = async () => {
    const answer = await askOnce(connection, question);
    const { status, headers } = answer;
    try {
      const isRead = (status >= 200 && status < 300) || reading.alsoOf?.includes(status);
      // ky looks for Retry-After in the headers; of the body nothing is handed on.
      if (!isRead && PASSING_STATUSES.includes(status)) return new Response(null, { status, headers });
      if (!isRead) throw ofStatus(status);
      results.push(await reading.read(answer));
      return new Response(null);
    } finally {
      if (results.length === 0) answer.close();
    }
  };
  try {
    await ky(urlOf(connection, question), {
      method: question.method,
      fetch: attempt,
      timeout: false,
      retry: {
        limit: connection.attempts - 1,
        methods: ["get", "post"],
        statusCodes: PASSING_STATUSES,
        afterStatusCodes: PASSING_STATUSES,
        maxRetryAfter: LONGEST_RETRY_AFTER_MS,
        delay: (attempts) => FIRST_DELAY_MS * 2 ** (attempts - 1),
        backoffLimit: LONGEST_DELAY_MS,
        shouldRetry: ({ error }) => (error instanceof Fault ? error.passing : undefined),
      },
      ...(connection.signal === undefined ? {} : { signal: connection.signal }),
    });
  } catch (error) {
    connection.signal?.throwIfAborted();
    const fault = isHTTPError(error) ? ofStatus(error.response.status) : error;
    if (!(fault instanceof Fault)) throw error;
    throw new ServerError(requestName(connection, question), fault, connection.attempts);
  }
  return results[0];
}

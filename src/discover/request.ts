import { type IncomingMessage, type RequestOptions, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { optional } from "../base/optional.js";
import { err, ok, type Result } from "../base/result.js";
import type { RequestAccess } from "./discovered.js";

/** An answer larger than this is no list of targets. */
export const MOST_BYTES = 64 << 20;

/** One GET. No redirect is followed: what goes along is for this address alone. */
export function get(url: URL, { headers, user, tls = {} }: RequestAccess, signal: AbortSignal): Promise<IncomingMessage> {
  const settings: RequestOptions & { [key: string]: unknown } = {
    method: "GET", signal, agent: false, headers: { accept: "application/json", "user-agent": "unpark", ...Object.fromEntries(headers) },
    ...optional({ auth: user ?? (url.username === "" ? undefined : `${decoded(url.username)}:${decoded(url.password)}`), cert: tls.cert, key: tls.key, ca: tls.ca }),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, settings, resolve).on("error", reject);
    asked.on("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" }))); // 101: Node closes the connection, and says nothing
    asked.end();
  });
}

/** The whole answer of a GET; the error is a phrase without the address. */
export async function getText(url: URL, access: RequestAccess, timeoutMs: number, signal: AbortSignal): Promise<Result<string, string>> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await get(url, access, AbortSignal.any([deadline, signal]));
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of response) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size > MOST_BYTES) return err(`it answered with more than ${MOST_BYTES >> 20} MiB`);
    }
    if (response.statusCode !== 200) return err(statusWords(response.statusCode ?? 0));
    return ok(Buffer.concat(pieces).toString());
  } catch (error) {
    if (signal.aborted) return err("interrupted");
    return err(deadline.aborted ? `no complete answer within ${timeoutMs / 1000} s` : errorWords(error));
  }
}

export const statusWords = (status: number): string => `it answered ${status}${status === 401 || status === 403 ? ": it does not accept what was sent along" : status >= 300 && status < 400 ? ": a redirect, which is not followed; give that address" : ""}`;

/** Of the system's errors the code alone: their text may hold what was sent. */
export const errorWords = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNREFUSED" ? "nothing listens there (connection refused)" : code === "ENOTFOUND" ? "the host's name is not known" : `it cannot be reached (${code ?? "no connection"})`;
};

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

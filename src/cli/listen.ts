import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { err, ok, type Result } from "../base/result.js";
import type { Io } from "./io.js";

/** Where a server of ours listens, and what whoever asks must have. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Undefined: nothing, for it is reached from this machine alone. */
  readonly token: string | undefined;
  /** The token is ours: nobody knows it who is not told. */
  readonly fresh: boolean;
}

/** `HOST:PORT`; beyond loopback with a token, UNPARK_TOKEN or a random one. */
export function listenAddress(flag: string, text: string, io: Io): Result<ListenAddress, string> {
  const address = addressOf(text);
  if (!address.ok) return err(`${flag}: ${address.error}`);
  const { host, port } = address.value;
  const given = io.env["UNPARK_TOKEN"];
  const token = given || (isLoopback(host) ? undefined : randomBytes(24).toString("base64url"));
  if (token !== undefined && !/^[\w.~-]{16,200}$/.test(token)) return err("UNPARK_TOKEN: it takes 16 to 200 letters, digits, '-', '.', '_' or '~'");
  return ok({ host, port, token, fresh: !given });
}

const isLoopback = (host: string): boolean => host.startsWith("127.") || host === "::1";

/** The server's address for whoever started it: with the token, where nobody else knows it. */
export const toldAddress = (url: string, { token, fresh }: ListenAddress): string => `${url}${token === undefined || !fresh ? "" : `?token=${token}`}`;

function addressOf(text: string): Result<{ readonly host: string; readonly port: number }, string> {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) return err(`'${text}' is not of the form HOST:PORT`);
  const host = match[1] ?? match[2]!;
  const named = host === "localhost" ? "127.0.0.1" : host;
  if (isIP(named) === 0) return err(`'${host}' is no IP address of this machine (127.0.0.1, 0.0.0.0, [::1])`);
  return ok({ host: named, port });
}

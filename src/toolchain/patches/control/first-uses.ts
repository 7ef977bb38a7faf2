import type { Patch } from "../../overlay/patch.js";

/**
 * What the standard library makes at its first use, the same in each run, is made with its package: a run starts behind that, and would make it
 * again each time (a timer's first setting was 6 % of a program that selects between two). No run can tell: each of these passes as noise
 * (src/host/ignored/ignored-operations.ts), reads no clock, draws nothing, and a setting that is changed later is changed all the same.
 */
export function firstUses(): readonly Patch[] {
  const first = (file: string, text: string, versions: { before?: string } = {}): Patch => ({ file, edit: { kind: "declare", text: `func init() { ${text} }` }, why: "the same in each run: made before the first", ...versions });
  return [
    first("time/sleep.go", "asynctimerchan.Value()", { before: "1.27" }),
    first("runtime/netpoll_wasip1.go", "netpollGenericInit()"), // of the first timer
    first("fmt/print.go", "ppFree.Get()"),
    first("net/textproto/reader.go", "commonHeaderOnce.Do(initCommonHeader)"),
    first("net/http/header.go", 'headerNewlineToSpace.Replace("")'),
    first("net/http/server.go", "http2server.Value()"),
    first("net/http/transport.go", "http2client.Value()"),
  ];
}

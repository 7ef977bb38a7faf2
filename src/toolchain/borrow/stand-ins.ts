import { existsSync, readFileSync } from "node:fs";
import { OUTSIDE, type PackageFiles } from "./package-files.js";

/**
 * Packages with an answer of their own for systems that they do not know, which is an error or nothing at all, while what their files
 * for linux ask for has an answer here (go/syscall). They build as they are, so nothing would be borrowed for them; they take
 * linux' files in the place of their own. `linked`: the beginning of a function's name, by which a built module shows that it has them.
 */
const STAND_INS: readonly { readonly linked: string; readonly packages: RegExp }[] = [
  // Options of sockets, and control data of datagrams: miekg/dns, quic-go, mdns, pion.
  { linked: "golang.org/x/net/internal/socket.", packages: /^golang\.org\/x\/net\/(internal\/socket|ipv4|ipv6)$/ },
  { linked: "github.com/quic-go/quic-go.", packages: /^github\.com\/quic-go\/quic-go$/ },
  // Files that are mapped.
  { linked: "github.com/dgraph-io/ristretto/v2/z.", packages: /^github\.com\/dgraph-io\/ristretto\/v2\/z$/ },
  // Files that are locked.
  { linked: "github.com/gofrs/flock.", packages: /^github\.com\/gofrs\/flock$/ },
];

/** Which packages of a module that was built take linux' files. */
export type StandIns = (path: string) => boolean;

/** Undefined where it has none. Reads the whole module. */
export function standInsOf(wasm: string): StandIns | undefined {
  if (!existsSync(wasm)) return undefined;
  const text = readFileSync(wasm);
  const found = STAND_INS.filter(({ linked }) => text.includes(linked));
  return found.length === 0 ? undefined : (path) => found.some(({ packages }) => packages.test(path));
}

/** What is decided for them, as go/borrow/main.go has it (Decision): their tests, too, are those of linux. */
export function standInDecisions(packages: readonly PackageFiles[], isStandIn: StandIns): Readonly<Record<string, { readonly borrowed: readonly string[]; readonly emptied: readonly string[] }>> {
  const taken = new Set(packages.filter(({ path, own, lenders }) => isStandIn(path) && own.length > 0 && lenders.length > 0).map(({ path }) => path));
  const decided = packages
    .filter(({ path }) => taken.has(path.endsWith(OUTSIDE) ? path.slice(0, -OUTSIDE.length) : path))
    .map(({ path, own, lenders, ownTests, testLenders }) => [path, { borrowed: [...lenders, ...testLenders].sort(), emptied: [...own, ...ownTests].sort() }] as const);
  return Object.fromEntries(decided.filter(([, { borrowed, emptied }]) => borrowed.length + emptied.length > 0));
}

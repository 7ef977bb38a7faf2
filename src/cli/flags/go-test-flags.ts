import { resolve } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import type { FlagSpecs } from "./flags.js";

/**
 * Where a flag of `go test` that Unpark has not itself belongs: `build` to every build (as in GOFLAGS), `native` to the native run
 * alone, for exploring has no use for it; to neither (-C: where the command stands); or why it cannot be taken.
 */
type Place = "build" | "native" | "folder" | { readonly refused: string };

interface GoTestFlag {
  readonly place: Place;
  /** It takes a value, as the next word or behind `=`. */
  readonly value: boolean;
}

const group = (place: Place, value: boolean, names: string): readonly (readonly [string, GoTestFlag])[] => names.split(" ").map((name) => [name, { place, value }] as const);
const refused = (name: string, why: string, value = true): readonly (readonly [string, GoTestFlag])[] => [[name, { place: { refused: why }, value }]];

/** `go help build`, `go help test` and `go help testflag` of Go 1.24 to 1.27, without those in the command's own table, and -args. */
const GO_TEST: ReadonlyMap<string, GoTestFlag> = new Map([
  ...group("build", true, "mod modfile overlay ldflags gcflags asmflags gccgoflags buildmode compiler installsuffix pgo pkgdir toolexec"),
  ...group("build", false, "buildvcs linkshared modcacherw trimpath"),
  ...group("native", true, "p covermode coverpkg coverprofile cpu parallel timeout benchtime outputdir blockprofile blockprofilerate cpuprofile memprofile memprofilerate mutexprofile mutexprofilefraction trace vet testlogfile gocoverdir"),
  ...group("native", false, "a x work race msan asan cover fullpath benchmem artifacts paniconexit0"),
  ...group("folder", true, "C"),
  ...refused("c", "unpark test builds and runs the tests itself", false),
  ...refused("o", "unpark test keeps no test binary"),
  ...refused("exec", "unpark test starts the tests itself"),
  ...refused("n", "unpark test runs the tests; to see go's commands, go test -n", false),
  ...refused("list", "to list tests, go test -list"),
  ...["fuzz", "fuzztime", "fuzzminimizetime"].flatMap((name) => refused(name, "a fuzz target is explored with its seeds (-run '^FuzzX$'); to look for new inputs, go test -fuzz")),
]);

/** A command line, with what is go test's alone taken out. */
interface GoTestWords {
  /** For the command's own table. */
  readonly own: readonly string[];
  /** `-race`, `-timeout=60s`: for the native run. */
  readonly native: readonly string[];
  /** `-mod=mod`: for GOFLAGS, by name. */
  readonly build: Readonly<Record<string, string>>;
  /** Where -C says that the command stands. */
  readonly dir: string;
}

/**
 * A line of `go test` that somebody pastes: its flags stand before the packages, between them or behind them, with one dash or two, as
 * `-test.timeout` too. What the command has itself goes before; behind `-args` (or `--`) all is the test binary's. An error is a sentence.
 */
export function goTestWords(argv: readonly string[], specs: FlagSpecs, cwd: string): Result<GoTestWords, string> {
  const end = argv.findIndex((word) => word === "--" || /^--?args$/.test(word));
  const behind = end < 0 ? [] : ["--", ...argv.slice(end + 1)];
  const words = new Words(end < 0 ? argv : argv.slice(0, end));
  const found = { own: [] as string[], native: [] as string[], build: {} as Record<string, string>, dir: cwd };
  for (let word = words.next(); word !== undefined; word = words.next()) {
    const written = readWord(word);
    const flag = written === undefined || hasFlag(specs, written) ? undefined : GO_TEST.get(written.name);
    if (written === undefined || flag === undefined) found.own.push(...ownWords(word, written, specs, words));
    else {
      const wrong = take(found, written, flag, words);
      if (wrong !== undefined) return err(wrong);
    }
  }
  return ok({ ...found, own: [...found.own, ...behind] });
}

/** The words of a command line, one after the other. */
class Words {
  readonly #rest: string[];

  constructor(words: readonly string[]) {
    this.#rest = [...words];
  }

  next(): string | undefined {
    return this.#rest.shift();
  }
}

/** A flag as it is written. */
interface WrittenFlag {
  readonly word: string;
  readonly dashes: string;
  /** Without `test.`, which go test takes before the test binary's own flags. */
  readonly name: string;
  readonly isLong: boolean;
  readonly inline: string | undefined;
}

function readWord(word: string): WrittenFlag | undefined {
  const [, dashes, prefix, name, inline] = /^(--?)(test\.)?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  return dashes === undefined || name === undefined ? undefined : { word, dashes, name, isLong: prefix !== undefined, inline };
}

/** The command's own flag with its value, which is no flag, whatever it looks like; or what is none of go test's. */
function ownWords(word: string, written: WrittenFlag | undefined, specs: FlagSpecs, words: Words): readonly string[] {
  if (written === undefined || !hasFlag(specs, written)) return [word];
  const { name, isLong, inline } = written;
  const plain = isLong ? `-${name}${inline === undefined ? "" : `=${inline}`}` : word;
  const value = inline === undefined && takesWord(specs, written) ? words.next() : undefined;
  return value === undefined ? [plain] : [plain, value];
}

/** Notes one of go test's flags; answers what is wrong with it. */
function take(found: { readonly native: string[]; readonly build: Record<string, string>; dir: string }, { word, dashes, name, inline }: WrittenFlag, { place, value: hasValue }: GoTestFlag, words: Words): string | undefined {
  if (typeof place === "object") return `${dashes}${name} is not for unpark test: ${place.refused}`;
  const value = inline ?? (hasValue ? words.next() : "true");
  if (value === undefined) return `${word} needs a value, as go test has it`;
  if (place === "folder") found.dir = resolve(found.dir, value);
  else if (place === "build") found.build[name] = value;
  else found.native.push(!hasValue && value === "true" ? `-${name}` : `-${name}=${value}`);
  return undefined;
}

/** Has the command a flag that is written so? Go's own names have one dash, others two. */
function hasFlag(specs: FlagSpecs, { dashes, name }: WrittenFlag): boolean {
  return Object.entries(specs).some(([flag, { goStyle, goName, short }]) => (dashes === "--" ? flag === name : goName === name || short === name || (goStyle === true && flag === name)));
}

function takesWord(specs: FlagSpecs, { dashes, name }: WrittenFlag): boolean {
  const spec = Object.entries(specs).find(([flag, { goName }]) => flag === name || (dashes === "-" && goName === name))?.[1];
  return spec?.type === "string" || spec?.type === "list";
}

/** What is said of them, a line each, for people. */
export function saidOf({ native, build }: GoTestWords, hasNativeRun: boolean): readonly string[] {
  const names = [...new Set(native.map((word) => word.split("=", 1)[0]!))].filter((name) => name !== "-timeout"); // that one holds for exploring, too (pipeline/go/go-test-timeout.ts)
  return [
    ...(names.length === 0 ? [] : [`${list(names)} ${names.length === 1 ? "is" : "are"} ${hasNativeRun ? "for the native run alone" : "left out"}: exploring has no use for ${names.length === 1 ? "it" : "them"}`]),
    ...(Object.keys(build).length === 0 ? [] : [`${list(Object.keys(build).map((name) => `-${name}`))}: for every build, as in GOFLAGS; unpark replay needs GOFLAGS to say so`]),
  ];
}

const list = (names: readonly string[]): string => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

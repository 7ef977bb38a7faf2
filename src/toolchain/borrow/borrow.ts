import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { ExecOutcome } from "../go/exec.js";
import type { Toolchain } from "../go/go-command.js";
import { goTool } from "../go/syntax-tool.js";
import { extendOverlay, type Overlay } from "../overlay/overlay.js";
import { compileErrors, cutShortIn, type CompileError } from "./compile-errors.js";
import { linkModules } from "./module-links.js";
import type { MovedSource } from "../../model/source/moved.js";
import { standInDecisions, standInsOf, type StandIns } from "./stand-ins.js";
import { packageFiles, type ListQuestion, type PackageFiles } from "./package-files.js";

/** What one package took to be built: files of its own for linux, functions that answer ENOSYS. */
export interface BorrowedPackage {
  readonly package: string;
  readonly files: readonly string[];
  readonly stubs: readonly string[];
}

/** Runs the build with more flags and variables; `-overlay` is among the flags. */
export type Compile = (flags: readonly string[], env: Readonly<Record<string, string>>) => Promise<ExecOutcome>;

export interface BorrowQuestion extends ListQuestion {
  /** Names the build that is asked for: what it took the last time is tried first. */
  readonly key: string;
  /** Does it build for this machine? What does not is the user's to mend, and no stub may hide it. */
  readonly native: () => Promise<boolean>;
  /**
   * The sources are a proposal that nobody has written: what of them does not build is the proposal's fault. Nothing is borrowed
   * but what the sources as they are took, and nothing is noted.
   */
  readonly isProposal?: boolean;
  /** Path of what is built. */
  readonly out: string;
}

/** Each round decides something new for every error that was said. */
const ROUNDS = 40;

/** As go/borrow/main.go has it. */
interface Answer {
  readonly decisions: Readonly<Record<string, { readonly borrowed: readonly string[] | null; readonly emptied?: readonly string[] | null }>>;
  readonly texts: readonly { readonly package: string; readonly dir: string; readonly name: string; readonly text: string; readonly of: string }[] | null;
  readonly progress: boolean;
  readonly stubs: Readonly<Record<string, readonly string[]>>;
}

/** With where it was compiled. */
interface Tried extends Answer {
  readonly moved: readonly MovedSource[];
}

/** Whether this build borrowed the last time. */
export const hasBorrowed = (toolchain: Toolchain, key: string): boolean => existsSync(notesOf(toolchain, key));
const notesOf = (toolchain: Toolchain, key: string): string => join(toolchain.cacheDir, "borrow", `${key}.json`);

/**
 * Builds; where that fails for want of what only other systems have, borrows it (go/borrow) and builds again. What cannot be
 * mended so ends with the first build's words: those are about the user's code as it stands. What builds, but with stand-ins
 * for wasip1 (stand-ins.ts), is built once more with linux' files in their place, if that can be done.
 */
export async function compileBorrowing(toolchain: Toolchain, overlay: Overlay, compile: Compile, question: BorrowQuestion): Promise<Borrowed> {
  const notes = notesOf(toolchain, question.key);
  const plainly = (): Promise<ExecOutcome> => compile([`-overlay=${overlay.path}`], {});
  const first = existsSync(notes) ? undefined : await plainly();
  const standIns = succeeded(first) && question.isProposal !== true ? standInsOf(question.out) : undefined;
  if (first !== undefined && !(await isToBeMended(first, standIns, question))) return { outcome: first, borrowed: [], moved: [] };
  const borrower = await openBorrower(toolchain, overlay, compile, question);
  const attempt = borrower === undefined ? undefined : await mended(borrower, first, standIns, readNotes(notes, borrower.tool), [`-overlay=${overlay.path}`], question);
  if (attempt?.kind === "over") return { outcome: attempt.outcome, borrowed: [], moved: [] };
  if (attempt !== undefined) {
    if (question.isProposal !== true) writeNotes(notes, { tool: borrower!.tool, decisions: attempt.answer.decisions });
    return { outcome: BUILT, borrowed: told(attempt.answer), moved: attempt.answer.moved };
  }
  rmSync(notes, { force: true });
  return { outcome: first !== undefined && !succeeded(first) ? first : await plainly(), borrowed: [], moved: [] };
}

async function isToBeMended(first: ExecOutcome, standIns: StandIns | undefined, question: BorrowQuestion): Promise<boolean> {
  if (question.isProposal === true || first.kind !== "ended") return false;
  return first.status === 0 ? standIns !== undefined : question.native();
}

/** `standIns`: of the module that the first build made. */
async function mended(borrower: Borrower, first: ExecOutcome | undefined, standIns: StandIns | undefined, known: Answer["decisions"], plain: readonly string[], question: BorrowQuestion): Promise<Attempt> {
  const errors = first === undefined || succeeded(first) ? [] : await borrower.errorsOf(first, plain, {});
  const attempt = succeeded(first) ? undefined : await borrow(borrower, known, errors, question);
  if (!succeeded(first) && (attempt?.kind !== "built" || question.isProposal === true)) return attempt;
  const better = await withoutStandIns(borrower, succeeded(first) ? standIns : standInsOf(question.out), attempt?.answer?.decisions ?? {}, question);
  return better === undefined ? attempt : { kind: "built", answer: better };
}

interface Borrowed {
  readonly outcome: ExecOutcome;
  readonly borrowed: readonly BorrowedPackage[];
  /** Names of Unpark's own that stacks would show: borrowed files, and the links by which changed modules are reached. */
  readonly moved: readonly MovedSource[];
}

const BUILT: ExecOutcome = { kind: "ended", status: 0, stdout: "", stderr: "" };
const succeeded = (outcome: ExecOutcome | undefined): boolean => outcome?.kind === "ended" && outcome.status === 0;

/** `built`: with these decisions. `over`: nothing more is to be tried. Undefined: it cannot be mended. */
type Attempt = { readonly kind: "built"; readonly answer: Tried } | { readonly kind: "over"; readonly outcome: ExecOutcome; readonly answer?: undefined } | undefined;

async function borrow(borrower: Borrower, known: Answer["decisions"], missing: readonly CompileError[], question: BorrowQuestion): Promise<Attempt> {
  let decisions = known;
  let errors = missing;
  for (let round = 0; round < ROUNDS && (errors.length > 0 || round === 0); round++) {
    const tried = await borrower.round(decisions, errors);
    if (tried === undefined) return undefined;
    if (succeeded(tried.outcome)) return { kind: "built", answer: tried.answer };
    if (tried.outcome.kind !== "ended" || question.isProposal === true) return { kind: "over", outcome: tried.outcome };
    if (!(await question.native())) return undefined;
    ({ errors } = tried);
    ({ decisions } = tried.answer);
  }
  return undefined;
}

/**
 * Undefined where nothing is to be done, or where it does not build so: then what was built before is built again. A package that takes
 * linux' files may import others that have stand-ins (quic-go: x/net/ipv4): these are asked for anew.
 */
async function withoutStandIns(borrower: Borrower, standIns: StandIns | undefined, decisions: Answer["decisions"], question: BorrowQuestion): Promise<Tried | undefined> {
  const more = standIns === undefined ? {} : standInDecisions(borrower.packages, (path) => standIns(path) && !(decisions[path]?.emptied ?? []).length);
  if (Object.keys(more).length === 0) return undefined;
  const attempt = await borrow(borrower, { ...decisions, ...more }, [], question);
  if (attempt?.kind === "built") return (await withoutStandIns(borrower, standInsOf(question.out), attempt.answer.decisions, question)) ?? attempt.answer;
  if (Object.keys(decisions).length > 0) await borrower.round(decisions, []);
  return undefined;
}

/** `go test -c` says on stdout what it cannot load. */
const wordsOf = ({ stderr, stdout }: Extract<ExecOutcome, { kind: "ended" }>): string => `${stderr}\n${stdout}`;

interface Round {
  readonly answer: Tried;
  readonly outcome: ExecOutcome;
  readonly errors: readonly CompileError[];
}

interface Borrower {
  /** Path of the program that decides; its name says which version of it. */
  readonly tool: string;
  readonly packages: readonly PackageFiles[];
  errorsOf(outcome: ExecOutcome, flags: readonly string[], env: Readonly<Record<string, string>>): Promise<readonly CompileError[]>;
  /** Undefined where nothing more can be decided. */
  round(decisions: Answer["decisions"], errors: readonly CompileError[]): Promise<Round | undefined>;
}

async function openBorrower(toolchain: Toolchain, overlay: Overlay, compile: Compile, question: BorrowQuestion): Promise<Borrower | undefined> {
  const [tool, listed] = await Promise.all([goTool("borrow", toolchain, question.signal), packageFiles(toolchain, question)]);
  if (tool === undefined || !listed.ok) return undefined;
  const packages = listed.value;
  const byPath = new Map(packages.map((one) => [one.path, one]));
  const byFolder = new Map(packages.filter(({ files, lenders }) => files.length + lenders.length > 0).map((one) => [one.dir, one.path]));
  const errorsOf = async (outcome: ExecOutcome, flags: readonly string[], env: Readonly<Record<string, string>>, places: ReadonlyMap<string, string> = byFolder): Promise<readonly CompileError[]> => {
    if (outcome.kind !== "ended") return [];
    const cut = cutShortIn(wordsOf(outcome));
    const whole = cut.length === 0 ? outcome : await compile([...flags, ...cut.map((path) => `-gcflags=${path}=-e`)], env);
    return whole.kind === "ended" ? compileErrors(wordsOf(whole), question.cwd, (dir) => places.get(dir)) : [];
  };
  return {
    tool,
    packages,
    errorsOf,
    async round(decisions, errors) {
      const decided = ask(tool, { goroot: toolchain.goroot, packages, decisions, errors });
      if (decided === undefined || (errors.length > 0 && !decided.progress)) return undefined;
      const texts = decided.texts ?? [];
      const links = await linkModules(toolchain, [...new Set(texts.map((one) => one.package))].flatMap((path) => byPath.get(path) ?? []), question);
      if (!links.ok) return undefined;
      const lent = texts.filter(({ name, of }) => of !== "" && of !== name).map(({ dir, name, of }) => ({ built: join(links.value.visible(dir), name), source: join(dir, of) }));
      const answer: Tried = { ...decided, moved: [...lent, ...links.value.moved] };
      const replaced = new Map([...links.value.added, ...texts.map(({ dir, name, text }) => [join(links.value.visible(dir), name), text] as const)]);
      if (question.isProposal === true && hidesProposal(overlay, replaced)) return { answer, outcome: HIDDEN, errors: [] };
      const extended = extendOverlay(overlay, replaced, links.value.beside);
      if (!extended.ok) return undefined;
      const { path, folder } = extended.value;
      const flags = [`-overlay=${path}`, ...links.value.flags(folder)];
      const env = links.value.env(folder);
      const outcome = await compile(flags, env);
      const places = new Map([...byFolder].flatMap(([dir, one]) => [[dir, one], [links.value.visible(dir), one]] as const));
      return { answer, outcome, errors: outcome.kind === "ended" && outcome.status !== 0 ? await errorsOf(outcome, flags, env, places) : [] };
    },
  };
}

const HIDDEN: ExecOutcome = { kind: "ended", status: 1, stdout: "", stderr: "a file of the proposal is one that is built with stubs here, or with another system's declarations" };

/** A borrowed text is made of the file on the disk: it would take the proposal's place. */
function hidesProposal(overlay: Overlay, borrowed: ReadonlyMap<string, string>): boolean {
  const { Replace } = JSON.parse(readFileSync(overlay.path, "utf8")) as { readonly Replace: Readonly<Record<string, string>> };
  return [...borrowed.keys()].some((path) => path in Replace);
}

function ask(tool: string, request: { readonly goroot: string; readonly packages: readonly PackageFiles[]; readonly decisions: Answer["decisions"]; readonly errors: readonly CompileError[] }): Answer | undefined {
  const { stdout, status } = spawnSync(tool, [], { input: JSON.stringify(request), encoding: "utf8", maxBuffer: 512 * 1024 * 1024 });
  if (status !== 0) return undefined;
  return JSON.parse(stdout) as Answer;
}

const told = ({ decisions, stubs }: Answer): readonly BorrowedPackage[] =>
  Object.entries(decisions)
    .map(([path, { borrowed }]) => ({ package: path, files: borrowed ?? [], stubs: stubs[path] ?? [] }))
    .sort((a, b) => (a.package < b.package ? -1 : 1));

interface Notes extends Pick<Answer, "decisions"> {
  readonly tool: string;
}

/** None of what another version decided. */
function readNotes(path: string, by: string | undefined): Answer["decisions"] {
  try {
    const { tool, decisions } = JSON.parse(readFileSync(path, "utf8")) as Notes;
    return tool === by ? decisions : {};
  } catch {
    return {};
  }
}

/** The decisions, not the texts: these are made anew of the files as they are then. */
function writeNotes(path: string, notes: Notes): void {
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    const temporary = `${path}.${randomUUID()}.tmp`;
    writeFileSync(temporary, JSON.stringify(notes));
    renameSync(temporary, path);
  } catch {
    // The next build finds the same again.
  }
}

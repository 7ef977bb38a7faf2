/**
 * `node --import unpark/node/timeouts --test`: as unpark/vitest/timeouts. A test whose promise is pending when nothing is left
 * that could wake the process says why, too; node:test gives its error to every test that it then cancels, so the name of
 * the test stands before the reason.
 */
import { FileAwaits, prefixed } from "./file-awaits.js";
import { processRole, takeFlagBack } from "./setup-flag.js";

/** What a hook is given (Node 20.12 and later have `error`; fullName came later). */
interface TestContextLike {
  readonly name: string;
  readonly fullName?: string;
  readonly signal?: AbortSignal;
  readonly error?: TestFailure | null;
}
type TestFailure = Error & { readonly failureType?: string };

const HANGS: ReadonlySet<string | undefined> = new Set(["testTimeoutFailure", "cancelledByParent"]);

const nameOf = ({ name, fullName }: TestContextLike): string => fullName ?? name;

function follow(context: TestContextLike, awaits: FileAwaits): void {
  awaits.begin(nameOf(context));
  // Node aborts the signal when the error is there and before it is reported; at the end of a process it waits for no hook.
  context.signal?.addEventListener("abort", () => {
    const { error } = context;
    if (error && HANGS.has(error.failureType)) explain(error, nameOf(context), awaits);
  });
}

function explain(error: TestFailure, name: string, awaits: FileAwaits): void {
  const lines = awaits.explain(name);
  if (lines.length === 0) return;
  const named = error.failureType === "cancelledByParent" ? [`in "${name}":`, ...lines] : lines;
  error.message = [error.message, ...prefixed(named)].join("\n");
  if (typeof error.cause !== "string") return;
  const cause = new Error(error.message); // what the spec reporter shows: of a string it would show the line breaks as \n
  cause.stack = error.message;
  error.cause = cause;
}

const role = processRole();
if (role !== "starts") takeFlagBack();
if (role === "tests") {
  const { after, afterEach, beforeEach } = await import("node:test"); // elsewhere it would change how a process ends
  const awaits = new FileAwaits();
  beforeEach((context) => follow(context, awaits));
  afterEach((context) => awaits.end(nameOf(context)));
  after(async () => {
    const lines = prefixed(await awaits.left());
    if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
  });
}

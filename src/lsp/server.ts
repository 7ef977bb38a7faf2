import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from "vscode-jsonrpc/node.js";
import type { ClientCapabilities, CodeActionParams, CodeLensParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, ExecuteCommandParams, HoverParams, InitializeParams, InitializeResult } from "vscode-languageserver-protocol";
import { spellOutLines } from "../base/spell-out.js";
import type { LastReport } from "../model/results/last-report.js";
import { reportJson } from "../report/exploration/json.js";
import { readWholeReport } from "../report/exploration/read-whole.js";
import { testWords } from "../report/exploration/text.js";
import { actionsFor } from "./actions.js";
import { diagnosticsOf } from "./diagnostics.js";
import { hoverAt } from "./hover.js";
import { EXPLORE, lensesOf, REPLAY } from "./lenses.js";
import { pathOf, uriOf, Workspace } from "./workspace.js";

interface LspOptions {
  readonly stdin: Readable;
  /** Carries the protocol only. */
  readonly stdout: Writable;
  readonly version: string;
  readonly cwd: string;
  /** Does one command line of Unpark in a folder. */
  readonly run: (argv: readonly string[], cwd: string, signal: AbortSignal) => Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }>;
  /** The last reports of the projects around and below a folder. */
  readonly reports: (folder: string) => readonly LastReport[];
  /** Calls when a last report was written, until it is closed. */
  readonly watch: (changed: () => void) => { close(): void };
  readonly signal: AbortSignal;
}

/** `unpark lsp`: serves one editor until it leaves. */
export async function serveLsp(options: LspOptions): Promise<void> {
  const connection = createMessageConnection(new StreamMessageReader(options.stdin), new StreamMessageWriter(options.stdout));
  const server = new LanguageServer(connection, options);
  const ended = new Promise<void>((resolve) => {
    connection.onNotification("exit", resolve);
    connection.onClose(resolve);
    options.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  connection.listen();
  await ended;
  server.close();
  connection.dispose();
}

class LanguageServer {
  readonly #connection: MessageConnection;
  readonly #options: LspOptions;
  readonly #workspace = new Workspace();
  readonly #running = new Map<string, AbortController>();
  readonly #pages: string[] = [];
  #folders: readonly string[] = [];
  #client: ClientCapabilities = {};
  #published = new Set<string>();
  #tokens = 0;
  #watching: { close(): void } | undefined;

  constructor(connection: MessageConnection, options: LspOptions) {
    this.#connection = connection;
    this.#options = options;
    connection.onRequest("initialize", (params: InitializeParams) => this.#initialize(params));
    connection.onNotification("initialized", () => {
      this.#watching = options.watch(() => this.#reload());
      this.#reload();
    });
    connection.onRequest("shutdown", () => null);
    connection.onNotification("textDocument/didOpen", ({ textDocument }: DidOpenTextDocumentParams) => this.#changed(textDocument.uri, textDocument.text));
    connection.onNotification("textDocument/didChange", ({ textDocument, contentChanges }: DidChangeTextDocumentParams) => this.#changed(textDocument.uri, contentChanges.at(-1)?.text ?? ""));
    connection.onNotification("textDocument/didClose", ({ textDocument }: DidCloseTextDocumentParams) => this.#workspace.closed(textDocument.uri));
    connection.onRequest("textDocument/hover", ({ textDocument, position }: HoverParams) => hoverAt(this.#workspace, textDocument.uri, position.line + 1));
    connection.onRequest("textDocument/codeLens", ({ textDocument }: CodeLensParams) => lensesOf(this.#workspace, textDocument.uri));
    connection.onRequest("textDocument/codeAction", ({ context }: CodeActionParams) => actionsFor(this.#workspace, context.diagnostics));
    connection.onRequest("workspace/executeCommand", (params: ExecuteCommandParams) => this.#execute(params));
    connection.onNotification("window/workDoneProgress/cancel", ({ token }: { readonly token: string }) => this.#running.get(token)?.abort());
  }

  close(): void {
    this.#watching?.close();
    for (const running of this.#running.values()) running.abort();
    for (const folder of this.#pages) rmSync(folder, { recursive: true, force: true });
  }

  #initialize({ capabilities, workspaceFolders, rootUri }: InitializeParams): InitializeResult {
    this.#client = capabilities;
    const roots = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
    this.#folders = roots.length === 0 ? [this.#options.cwd] : roots.map(pathOf);
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: 1 },
        hoverProvider: true,
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds: ["quickfix"] },
        executeCommandProvider: { commands: [EXPLORE, REPLAY] },
      },
      serverInfo: { name: "unpark", version: this.#options.version },
    };
  }

  #changed(uri: string, text: string): void {
    this.#workspace.opened(uri, text);
    this.#publish();
  }

  #reload(): void {
    const all = this.#folders.flatMap((folder) => this.#options.reports(folder));
    this.#workspace.reports = all.filter(({ id }, i) => all.findIndex((one) => one.id === id) === i);
    this.#publish();
    if (this.#client.workspace?.codeLens?.refreshSupport) void this.#connection.sendRequest("workspace/codeLens/refresh").catch(() => undefined);
  }

  /** A document that has none any more is told so. */
  #publish(): void {
    const all = diagnosticsOf(this.#workspace);
    for (const uri of new Set([...all.keys(), ...this.#published])) void this.#connection.sendNotification("textDocument/publishDiagnostics", { uri, diagnostics: all.get(uri) ?? [] });
    this.#published = new Set(all.keys());
  }

  async #execute({ command, arguments: words = [] }: ExecuteCommandParams): Promise<null> {
    const [first, second] = words as readonly unknown[];
    if (command === EXPLORE && typeof first === "string" && typeof second === "string" && /^\w+$/u.test(second)) await this.#explore(pathOf(first), second);
    else if (command === REPLAY && typeof first === "string" && Number.isInteger(second)) await this.#replay(first, Number(second));
    else this.#say(ERROR, `unpark: '${command}' is not a command of this server, or its arguments are not as it gave them`);
    return null;
  }

  async #explore(file: string, test: string): Promise<void> {
    const end = await this.#withProgress(`exploring ${test}`, (signal) => this.#options.run(["test", "--json", `-run=^${test}$`, "."], dirname(file), signal));
    const report = readWholeReport(end.stdout);
    if (!report.ok) return this.#say(ERROR, end.stderr.trim() || report.error);
    this.#reload();
    const { examinations, failures } = report.value;
    const said = [...examinations.filter(({ coverage }) => coverage.native !== true).map((one) => `${one.name}: ${testWords(one)}`), ...failures.map(({ package: path, message }) => `${path}: ${message.split("\n").slice(0, 3).join(" ")}`)];
    this.#say(end.exit === 0 ? INFO : WARNING, `unpark: ${said.join("\n") || "no test was explored"}`);
  }

  /** The schedule as a page to step through, which the client opens. */
  async #replay(id: string, number: number): Promise<void> {
    const kept = this.#workspace.reports.find((one) => one.id === id);
    if (kept === undefined) return this.#say(ERROR, "unpark: that report is not there any more; explore the test again");
    const folder = mkdtempSync(join(tmpdir(), "unpark-lsp-"));
    this.#pages.push(folder);
    const [report, page] = [join(folder, "report.json"), join(folder, "schedule.html")];
    writeFileSync(report, reportJson(kept.report), { mode: 0o600 });
    const end = await this.#withProgress(`replaying finding ${number}`, (signal) => this.#options.run(["replay", "--json", `--web=${page}`, `--finding=${number}`, report], kept.root, signal));
    if (!end.stderr.includes("wrote ")) return this.#say(ERROR, end.stderr.trim() || "unpark: the replay gave no steps");
    const shown = this.#client.window?.showDocument?.support === true && (await this.#connection.sendRequest<{ readonly success: boolean }>("window/showDocument", { uri: uriOf(page), external: true })).success;
    if (!shown) this.#say(INFO, `unpark: the schedule, step by step: ${page}`);
  }

  async #withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const token = `unpark-${++this.#tokens}`;
    const own = new AbortController();
    this.#running.set(token, own);
    const shows = this.#client.window?.workDoneProgress === true;
    if (shows) await this.#connection.sendRequest("window/workDoneProgress/create", { token });
    const tell = (value: object): void => void (shows && this.#connection.sendNotification("$/progress", { token, value }));
    tell({ kind: "begin", title: `Unpark: ${title}`, cancellable: true });
    try {
      return await work(AbortSignal.any([own.signal, this.#options.signal]));
    } finally {
      tell({ kind: "end" });
      this.#running.delete(token);
    }
  }

  #say(type: number, message: string): void {
    void this.#connection.sendNotification("window/showMessage", { type, message: spellOutLines(message) });
  }
}

/** MessageType of the protocol. */
const [ERROR, WARNING, INFO] = [1, 2, 3];

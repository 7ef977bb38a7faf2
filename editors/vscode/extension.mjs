// The VS Code extension: starts `unpark lsp`, which does everything else (docs/editors.md).
import { commands, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { cannotStart, serverProgram } from "./program.mjs";

let client;

export async function activate(context) {
  context.subscriptions.push(
    commands.registerCommand("unpark.restart", async () => {
      await stop();
      await start();
    }),
    workspace.onDidChangeConfiguration((event) => (event.affectsConfiguration("unpark.command") ? commands.executeCommand("unpark.restart") : undefined)),
  );
  await start();
}

export const deactivate = () => stop();

async function start() {
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
  const program = serverProgram({ command: workspace.getConfiguration("unpark").get("command"), folder, platform: process.platform });
  const { command, args, shell } = program;
  const documentSelector = ["go", "typescript"].map((language) => ({ scheme: "file", language }));
  client = new LanguageClient("unpark", "Unpark", { command, args, options: { cwd: folder, shell } }, { documentSelector });
  try {
    await client.start();
  } catch (error) {
    window.showWarningMessage(cannotStart(program, error instanceof Error ? error.message : String(error)));
  }
}

async function stop() {
  const before = client;
  client = undefined;
  if (before?.isRunning()) await before.stop();
}

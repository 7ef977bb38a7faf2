// What the extension decides by itself, apart from VS Code: which program is the server.
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The words that start the server in a folder: those of the settings, else the workspace's own, else the PATH's.
 * @param {{ command: unknown, folder: string | undefined, platform: NodeJS.Platform, exists?: (path: string) => boolean }} from
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function serverProgram({ command, folder, platform, exists = existsSync }) {
  const words = Array.isArray(command) ? command.filter((word) => typeof word === "string" && word !== "") : [];
  if (words.length > 0) return { command: words[0], args: [...words.slice(1), "lsp"], shell: false };
  const own = folder === undefined ? undefined : join(folder, "node_modules", ".bin", platform === "win32" ? "unpark.cmd" : "unpark");
  // Windows starts .cmd files by a shell only (Node's documentation, child_process).
  if (own !== undefined && exists(own)) return { command: platform === "win32" ? `"${own}"` : own, args: ["lsp"], shell: platform === "win32" };
  return { command: "unpark", args: ["lsp"], shell: false };
}

/** What is said where the server cannot be started. */
export const cannotStart = ({ command }, reason) => `Unpark cannot be started ('${command}'): ${reason}. Install it, or say by the setting unpark.command how it is started.`;

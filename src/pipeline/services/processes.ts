import { err, ok, type Result } from "../../base/result.js";
import { spellOut } from "../../base/spell-out.js";
import { CollectError, type CollectOptions } from "../../collect/collected.js";
import { agentProcesses, askAgent, type GopsSignal } from "../../collect/gops.js";
import type { AgentProcess, ListedProcess, ProcessStats } from "../../model/results/process.js";

/** `unpark ps`: this user's processes that have a gops agent, each asked for its version and its stats. */
export async function processes(options: CollectOptions): Promise<readonly ListedProcess[]> {
  const found = await agentProcesses(options.env);
  return Promise.all(found.map(async (one) => ({ ...one, stats: await statsOf(one, options) })));
}

async function statsOf(one: AgentProcess, options: CollectOptions): Promise<Result<ProcessStats, string>> {
  try {
    const version = spellOut((await answer(one, "version", options)).trim()).slice(0, 200);
    const counts: Record<string, number> = {};
    for (const [, words, count] of (await answer(one, "stats", options)).matchAll(/^([^:\n]+): (\d+)$/gm)) counts[words!] = Number(count);
    const { goroutines } = counts;
    return goroutines === undefined ? err("its agent does not say how many goroutines it has") : ok({ version, goroutines, counts });
  } catch (error) {
    if (error instanceof CollectError) return err(error.message);
    throw error;
  }
}

async function answer(one: AgentProcess, signal: GopsSignal, options: CollectOptions): Promise<string> {
  let text = "";
  for await (const chunk of askAgent({ host: "127.0.0.1", port: one.port }, signal, `pid:${one.pid}`, options)) {
    text += Buffer.from(chunk).toString("utf8");
    if (text.length > MAX_AGENT_ANSWER) throw new CollectError(`pid:${one.pid}: what listens on port ${one.port} is no gops agent`);
  }
  return text;
}
const MAX_AGENT_ANSWER = 1 << 16;

import { optional } from "../../base/optional.js";
import { err, type Result } from "../../base/result.js";
import { SKIPPED, type Report } from "../../model/results/examination.js";
import type { FixReport } from "../../model/results/fix.js";
import { openFixTool } from "../../toolchain/go/fix-tool.js";
import { settingsOfPackage } from "../config/package-match.js";
import { buildModule, openBuildContext, type BuildContext, type BuildRequest } from "../go/build-context.js";
import { buildRequest, exploreGo, originOf } from "../go/run-go.js";
import { Pool } from "../pool/pool.js";
import { fixFindings, type ExploredPrograms } from "./fix-findings.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { GoProver, type UnpatchedPackage } from "./prover.js";

/** Explores Go packages, and mends what was found. */
export async function fixGo(request: FixRequest, listener: FixListener): Promise<Result<FixReport, string>> {
  const before = await exploreGo(request, listener);
  const build = buildRequest(request, listener);
  const context = await openBuildContext(build);
  if (!context.ok) return err(context.error);
  const { toolchain } = context.value;
  const within: ExploredPrograms["within"] = async (use) => {
    const { cwd, patterns, signal } = request;
    const propose = await openFixTool(toolchain, { cwd, patterns, withTests: build.purpose === "tests", ...optional({ tags: build.tags, signal }) });
    if (!propose.ok) return propose;
    const baselines = await baselinesOf(before, context.value, build, request);
    const pool = new Pool({ size: request.settings.workers, ...optional({ signal, threads: request.threads }) });
    try {
      return await use({ propose: propose.value, prover: new GoProver(context.value, build, pool, baselines) });
    } finally {
      await pool.close();
    }
  };
  const origin = before.origin ?? originOf(request, toolchain.version.text);
  return fixFindings({ before, origin, counts: ({ coverage }) => coverage.native !== true, within }, request, listener);
}

/** The builds without a patch: from the cache, for they were explored. */
async function baselinesOf({ examinations }: Report, context: BuildContext, build: BuildRequest, { settings: usual, overrides = [] }: FixRequest): Promise<readonly UnpatchedPackage[]> {
  const baselines: UnpatchedPackage[] = [];
  for (const pkg of context.packages) {
    const settings = settingsOfPackage(usual, overrides, pkg);
    const spec = await buildModule(context, pkg, { ...build, ...optional({ faults: settings.faults }) });
    const own = examinations.filter((one) => spec.ok && one.package === spec.value.package && one.coverage.native !== true && one.coverage.stoppedBy !== SKIPPED);
    if (spec.ok && own.length > 0) baselines.push({ pkg, wasm: spec.value.wasm, settings, examinations: own });
  }
  return baselines;
}

// The SDKs of agents, editors and Prometheus, and the clients of servers: the whole program (single executable, wheel, launcher) holds each as one bundle, in the
// place of the file that names what is used of it. The npm package has them as optional peer dependencies: the MCP SDK
// alone installs 27 MB with what it needs, of which 0.3 MB are used (docs/agents.md).
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files of dist/ that are replaced by their bundles. */
const FILES = ["dist/src/mcp/sdk.js", "dist/src/server/prom-client.js", "dist/src/queue/nats/nats-client.js", "dist/src/watch/postgres/postgres-client.js"];

/** Every package that a bundle holds a part of, for LICENSES.md. */
export const BUNDLED = {
  "@modelcontextprotocol/sdk": "`unpark mcp`; in the single executable",
  ajv: "the MCP SDK", "ajv-formats": "the MCP SDK", "fast-deep-equal": "ajv", "fast-uri": "ajv", "json-schema-traverse": "ajv",
  "prom-client": "`unpark watch --metrics`; in the single executable", "@opentelemetry/api": "prom-client", tdigest: "prom-client", bintrees: "tdigest",
  "@nats-io/transport-node": "`--queue`, `unpark worker`; in the single executable", "@nats-io/jetstream": "`--queue`; in the single executable", "@nats-io/obj": "`--queue`; in the single executable",
  "@nats-io/nats-core": "the NATS client", "@nats-io/nkeys": "the NATS client", "@nats-io/nuid": "the NATS client", "js-sha256": "@nats-io/obj", tweetnacl: "@nats-io/nkeys",
  pg: "`--store postgres://…`; in the single executable", "pg-connection-string": "pg", "pg-int8": "pg", "pg-pool": "pg", "pg-protocol": "pg", "pg-types": "pg", pgpass: "pg", split2: "pgpass",
  "postgres-array": "pg", "postgres-bytea": "pg", "postgres-date": "pg", "postgres-interval": "pg", xtend: "pg",
  zod: "the MCP SDK", "zod-to-json-schema": "the MCP SDK",
};

/** Bundles into `folder`, a copy of the package; answers the names of the packages that went in. */
export async function bundleSdks(root, folder) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root, entryPoints: FILES, outdir: folder, outbase: root, bundle: true, minify: true, format: "esm", platform: "node", target: "node20",
    metafile: true, logLevel: "error", legalComments: "none", external: ["pg-native", "pg-cloudflare"],
    // ajv is CommonJS: it asks for modules by require, which ESM has not.
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` },
  });
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]));
  const packages = [...new Set(inside.filter((name) => name !== undefined))].sort();
  const unknown = packages.filter((name) => BUNDLED[name] === undefined);
  if (unknown.length > 0) throw new Error(`scripts/release/bundled.mjs: ${unknown.join(", ")} is bundled and stands in no list of licences`);
  return packages;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
  console.log((await bundleSdks(root, join(root, process.argv[2]))).join("\n"));
}

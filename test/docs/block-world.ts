// The folders in which the documents' commands run: a Go module under git, a copy of it to be mended, one that uses goleak, a TypeScript
// project; and what listens beside them on loopback: two services, and a cluster's API.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import { fakeKubernetes, podOf, type FakeKubernetes } from "../../src/discover/testing/fake-kubernetes.js";
import { userProject } from "../runners/project.js";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export type Folder = "shop" | "mended" | "goleak" | "typescript" | "checkout";

export interface World {
  readonly folders: Readonly<Record<Folder, string>>;
  readonly env: NodeJS.ProcessEnv;
  /** Addresses of services: the first grows by a goroutine with each look. */
  readonly services: readonly [string, string];
  /** How often they were asked. */
  asked(): number;
  /** A TypeScript service in which seven awaits do not go on. */
  readonly awaits: string;
  close(): Promise<void>;
}

const SERVER = `package server

// First is the first answer: the others are left behind.
func First(asked ...func() int) int {
	answers := make(chan int)
	for _, ask := range asked {
		go func() { answers <- ask() }()
	}
	return <-answers
}

// Count counts in the background, and nobody closes what it counts.
func Count(names []string) int {
	ch := make(chan string)
	go func() {
		n := 0
		for range ch {
			n++
		}
	}()
	for _, name := range names {
		ch <- name
	}
	return len(names)
}
`;
const SERVER_TEST = `package server

import "testing"

func TestServer(t *testing.T) {
	one := func() int { return 1 }
	if First(one, one) != 1 {
		t.Fail()
	}
}

func TestCount(t *testing.T) {
	if Count([]string{"a"}) != 1 {
		t.Fail()
	}
}
`;
const THING = `package main

import "flag"

func main() {
	n := flag.Int("c", 1, "how many")
	flag.Parse()
	done := make(chan int)
	for range *n {
		go func() { done <- 1 }()
	}
	<-done
}
`;
const GOLEAK = "package goleak\n\ntype TestingT interface{ Error(...any) }\n\ntype Option interface{}\n\nfunc VerifyNone(TestingT, ...Option) {}\n\nfunc IgnoreTopFunction(string) Option { return nil }\n";
const GOLEAK_TEST = 'package pkg\n\nimport (\n\t"testing"\n\n\t"go.uber.org/goleak"\n)\n\nfunc TestPoll(t *testing.T) {\n\tdefer goleak.VerifyNone(t, goleak.IgnoreTopFunction("example.com/shop/pkg.poll"))\n\tgo poll()\n}\n\nfunc poll() { select {} }\n';
const LEAKY = "goroutine 1 [running]:\nmain.main()\n\t/m.go:3 +0x1\n\n";
const waiter = (id: number): string => `goroutine ${id} [chan send, 40 minutes]:\nmain.ask(...)\n\t/m.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/m.go:7 +0x1\n\n`;
const dump = (waiting: number): string => LEAKY + Array.from({ length: waiting }, (_, i) => waiter(i + 2)).join("");

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function shop(folder: string): void {
  const faults = (name: string): string => readFileSync(join(ROOT, "fixtures/faults", name), "utf8").replace("package faults", "package client");
  const test = faults("faults_test.go");
  const part = (begin: RegExp): string => /^.*?\n}\n/s.exec(test.slice(test.search(begin)))![0];
  write(folder, {
    // Each of them is explored completely in a moment; a machine that others use, too, has time for that.
    "go.mod": "module example.com/shop\n\ngo 1.24\n", ".unpark.yaml": "budget: 60s\n", ".gitignore": "/*.json\n/*.xml\n/*.sarif\n/*.md\n/*.html\n/*.patch\n",
    "server/server.go": SERVER, "server/server_test.go": SERVER_TEST, "cmd/thing/main.go": THING,
    "pkg/pkg_test.go": 'package pkg\n\nimport "testing"\n\nfunc TestPkg(t *testing.T) {}\n',
    "client/pool.go": faults("pool.go"), "client/pool_test.go": `package client\n\nimport (\n\t"io"\n\t"net"\n\t"testing"\n)\n\n${part(/^func echo/m)}\n${part(/^func ping/m)}\nfunc TestPool(t *testing.T) { ping(t, false) }\n`,
    "before.txt": dump(1), "after.txt": dump(30), "dump.txt": dump(30),
  });
  git(folder);
}

function git(folder: string): void {
  for (const words of [["init", "-q"], ["add", "-A"], ["-c", "user.email=t@example.com", "-c", "user.name=t", "commit", "-qm", "files"]]) {
    const { status, stderr } = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  }
}

async function service(waiting: () => number): Promise<readonly [Server, string]> {
  const server = createServer((request, response) => void response.end(request.url!.includes("goroutine") ? dump(waiting()) : "")).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}

async function awaitsService(): Promise<readonly [ChildProcess, string]> {
  const child = spawn(process.execPath, ["--enable-source-maps", join(ROOT, "dist/test/examples-ts/awaits-service.js")], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const address = `http://127.0.0.1:${/port (\d+)/.exec(line.toString())![1]}`;
  for (let i = 0; i < 7; i++) get(`${address}/stuck`).on("error", () => undefined);
  const waiting = async (): Promise<number> => ((await (await fetch(`${address}/debug/pprof/await?debug=json`)).json()) as { function: string; count: number }[]).find((one) => one.function === "main.query")?.count ?? 0;
  while ((await waiting()) < 7) await wait(20);
  return [child, address];
}

/** A deployment `shop/cart`, and the pods of kube-system's control plane. */
async function cluster(asked: () => void): Promise<FakeKubernetes> {
  const api = await fakeKubernetes({ token: "of-tests", answer: () => {
    asked();
    return dump(1);
  } });
  api.deployments.set("cart", { spec: { selector: { matchLabels: { app: "cart" } } } });
  api.put(podOf("cart-a", { app: "cart" }));
  api.put(podOf("etcd", { tier: "control-plane" }));
  return api;
}

export async function makeWorld(): Promise<World> {
  const scratch = mkdtempSync(join(tmpdir(), "unpark-docs-"));
  const of = (name: string): string => join(scratch, name);
  for (const name of ["bin", "shop", "mended", "goleak", "state"]) mkdirSync(of(name));
  write(of("bin"), { unpark: `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n` });
  chmodSync(join(of("bin"), "unpark"), 0o755);
  shop(of("shop"));
  shop(of("mended"));
  // A patch is proved in all programs that it changes: these are enough.
  for (const name of ["client", "pkg"]) rmSync(join(of("mended"), name), { recursive: true });
  git(of("mended"));
  write(of("goleak"), { "go.mod": "module example.com/shop\n\ngo 1.24\n\nrequire go.uber.org/goleak v1.3.0\n\nreplace go.uber.org/goleak => ./goleak\n", "goleak/go.mod": "module go.uber.org/goleak\n\ngo 1.24\n", "goleak/goleak.go": GOLEAK, "pkg/pkg_test.go": GOLEAK_TEST });
  git(of("goleak"));
  const project = userProject("docs", { vitest: "*" }, "test/docs/project");
  let looks = 0, others = 0;
  const [growing, growingAt] = await service(() => ++looks);
  const [still, stillAt] = await service(() => 0 * ++others);
  const api = await cluster(() => void others++);
  const [waiting, awaits] = await awaitsService();
  const env = { ...process.env, PATH: `${of("bin")}${delimiter}${process.env["PATH"]}`, GOFLAGS: "", GITHUB_ACTIONS: "", CI: "1", NO_COLOR: "1", NODE_TEST_CONTEXT: undefined, XDG_STATE_HOME: of("state"), KUBECONFIG: of("kubeconfig"), GITHUB_ENV: of("github-env") };
  writeFileSync(env.KUBECONFIG, JSON.stringify({ "current-context": "t", contexts: [{ name: "t", context: { cluster: "c", user: "u" } }], clusters: [{ name: "c", cluster: { server: api.url } }], users: [{ name: "u", user: { token: "of-tests" } }] }));
  write(of("shop"), { "services.yml": `- targets: ["${stillAt.slice(7)}"]\n`, "components.yml": `- targets: ["${stillAt.slice(7)}"]\n`, "accepted.txt": "# none\n" });
  return {
    folders: { shop: of("shop"), mended: of("mended"), goleak: of("goleak"), typescript: project.folder, checkout: ROOT }, env, services: [growingAt, stillAt], awaits, asked: () => looks + others,
    close: async () => {
      for (const server of [growing, still]) {
        server.closeAllConnections();
        server.close();
      }
      waiting.kill();
      await api[Symbol.asyncDispose]();
      project.remove();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

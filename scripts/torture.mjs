// `npm run torture`: the numbers of the hostile probe again, in minutes: inputs, servers, kills, disks, native tests. Prints a
// table, and writes bench/torture/result.json. All servers listen on 127.0.0.1; processes are ended by their ids.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, createServer as createTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import { Prng } from "../dist/src/base/prng.js";
import { MemoryBudget } from "../dist/src/parse/memory.js";
import { parseBytes } from "../dist/src/parse/parse.js";
import { BOMBS, PROFILE_SHAPES, TEXT_SHAPES } from "../dist/src/parse/testing/hostile-shapes.js";
import { openDatabase } from "../dist/src/watch/sqlite-driver.js";
import { machine } from "./machine.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-torture-"));
const rows = [];
/** `TORTURE=7,8`: these parts alone. */
const parts = process.env.TORTURE?.split(",");
const wants = (part) => parts === undefined || parts.includes(String(part));
const row = (what, expected, seen, good) => {
  rows.push({ what, expected, seen, good });
  console.log(`${good ? "ok  " : "FAIL"} ${what}: ${seen}`);
};

/** One command: its exit code, what it said, the largest memory (MiB) and the time it took. */
function run(argv, { kill, once = false, signal = "SIGKILL", env = {}, cwd = folder, most = 120_000, during } = {}) {
  return new Promise((resolve) => {
    const begin = Date.now();
    const child = spawn(process.execPath, [join(root, "bin/unpark.js"), ...argv], { cwd, env: { ...process.env, XDG_STATE_HOME: folder, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "", peak = 0;
    const look = setInterval(() => { try { peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024); } catch {} }, 50);
    const timers = [setTimeout(() => child.kill("SIGKILL"), most)];
    // So long after it was started, or (`once`) after it said its first word: a busy machine takes seconds to start a program.
    const killLater = () => timers.push(setTimeout(() => child.kill(signal), kill));
    if (kill !== undefined && !once) killLater();
    if (kill !== undefined && once) child.stdout.once("data", killLater);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => void (out.length < 1e6 && (out += data)));
    void during?.(() => out).then(() => child.kill("SIGINT"));
    child.on("close", (code, ended) => { clearInterval(look); timers.forEach(clearTimeout); resolve({ code: code ?? ended, out, mib: Math.round(peak), ms: Date.now() - begin }); });
  });
}
const said = ({ code, out }) => (code === 0 || code === 1 || code === 2) && !/please report it|FATAL ERROR|at file:\/\/|ERR_[A-Z_]+\]/.test(out);
const listen = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));

// 1. Inputs through the parsers: cut at each place, one byte changed, spliced.
if (wants(1)) {
  const base = join(root, "fixtures/dumps/go1.26.8");
  const files = readdirSync(base).filter((name) => /\.(txt|gz)$/.test(name)).map((name) => (name.endsWith(".gz") ? gunzipSync(readFileSync(join(base, name))) : readFileSync(join(base, name)))).filter((bytes) => bytes.length < 1 << 16);
  const random = new Prng(1);
  let count = 0, thrown = 0, slow = 0;
  const attempt = (bytes) => {
    count++;
    const begin = process.cpuUsage();
    try { parseBytes(bytes, { source: "x" }, new MemoryBudget(64 << 20)); } catch { thrown++; }
    const { user, system } = process.cpuUsage(begin);
    if (user + system > 500_000) slow++;
  };
  for (const bytes of files) {
    for (let n = 0; n < 1500; n++) attempt(bytes.subarray(0, random.below(bytes.length + 1)));
    for (let n = 0; n < 1500; n++) { const copy = Buffer.from(bytes); copy[random.below(copy.length)] = random.below(256); attempt(copy); }
    for (let n = 0; n < 500; n++) { const other = files[random.below(files.length)]; attempt(Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))])); }
  }
  row("cut, changed and spliced dumps and profiles", "no exception, none slower than 0.5 s", `${count} inputs, ${thrown} exceptions, ${slow} slow`, thrown === 0 && slow === 0);
  const cost = (bytes) => Math.min(...[1, 2, 3].map(() => { const begin = process.cpuUsage(); parseBytes(bytes, { source: "x" }); const { user, system } = process.cpuUsage(begin); return user + system; }));
  const isLinear = (make) => { const at = [1, 8].map((n) => make(n << 17)); cost(at[0]); return [1, 2, 3].some(() => cost(at[1]) <= 24 * Math.max(2000, cost(at[0]))); }; // 8 times the work, or with a quadratic part 64 times; others work here, too
  const bad = Object.entries({ ...TEXT_SHAPES, ...PROFILE_SHAPES }).filter(([, make]) => !isLinear(make));
  row("time against size, 1 to 8 times", "linear", `${Object.keys({ ...TEXT_SHAPES, ...PROFILE_SHAPES }).length} shapes, not linear: ${bad.map(([name]) => name).join(", ") || "none"}`, bad.length === 0);
}

// 2. The bombs through the command.
if (wants(2)) for (const [name, make] of Object.entries(BOMBS)) {
  const file = join(folder, "bomb");
  const bytes = make();
  writeFileSync(file, bytes);
  const result = await run(["inspect", file], { most: 400_000 }); // a file that a person names takes the time that it takes
  row(`${name} (${Math.round(bytes.length / 1024)} KiB)`, "a sentence, no abort", `exit ${result.code}, ${result.ms} ms, ${result.mib} MiB`, said(result) && result.mib < 3500);
}

if (wants(2)) {
  // From a server they have the time of one answer.
  const odd = [];
  for (const [name, make] of Object.entries(BOMBS)) {
    const bytes = make();
    const server = createServer((_, r) => r.end(bytes));
    const result = await run(["inspect", "--timeout", "10s", `http://127.0.0.1:${await listen(server)}/d`]);
    if (!said(result) || result.mib > 3500 || result.ms > 60_000) odd.push(`${name}: exit ${result.code}, ${result.ms} ms, ${result.mib} MiB ${result.out.slice(0, 100)}`);
    server.closeAllConnections();
    server.close();
  }
  row("the same from a server, --timeout 10s", "a sentence in time", `${Object.keys(BOMBS).length} bombs, odd: ${odd.join("; ") || "none"}`, odd.length === 0);
}

// 3. Servers.
if (wants(3)) {
  const dump = "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n";
  const forever = (piece, pause) => (_, r) => { r.on("error", () => {}); const timer = setInterval(() => r.write(piece), pause); r.on("close", () => clearInterval(timer)); };
  const kinds = {
    good: (_, r) => r.end(dump), silent: () => {}, drip: forever("g", 100), endless: forever(Buffer.alloc(1 << 20, "goroutine x\n"), 5), cut: (q) => q.socket.destroy(),
    short: (_, r) => { r.writeHead(200, { "content-length": 9999 }); r.write(dump); setTimeout(() => r.destroy(), 50); }, twice: (q) => q.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\nx"),
    loop: (q, r) => r.writeHead(302, { location: q.url }).end(), file: (_, r) => r.writeHead(302, { location: "file:///etc/passwd" }).end(), odd: (_, r) => r.writeHead(302, { location: "//[" }).end(),
    refuse: (_, r) => r.writeHead(500).end("\u001b]0;title\u0007\r::error::x"), lie: (_, r) => { r.writeHead(200, { "content-encoding": "gzip" }); r.end(dump); }, html: (_, r) => r.end("<html><title>\u001b[31m</title>"), bomb: (_, r) => r.end(BOMBS["a location of 30,000 lines, named 30,000 times"]()),
    rubbish: (_, r) => r.end(Buffer.alloc(2 << 20, 0xff)), head: (q) => q.socket.end(`HTTP/1.1 200 OK\r\nX: ${"a".repeat(1 << 20)}\r\n\r\n`),
  };
  let held = 0, odd = [];
  for (const [kind, listener] of Object.entries(kinds)) {
    const server = createServer((q, r) => { q.on("error", () => {}); listener(q, r); });
    const port = await listen(server);
    const result = await run(["inspect", "--timeout", "1s", "--max-size", "8", `http://127.0.0.1:${port}/d`]);
    if (said(result) && result.ms < 20_000 && !/[\u0007\u001b\u009b]|^::/m.test(result.out) && ["good", "lie", "bomb"].includes(kind) === (result.code === 0)) held++;
    else odd.push(`${kind}: exit ${result.code}, ${result.ms} ms ${result.out.slice(0, 200)}`);
    server.closeAllConnections();
    server.close();
  }
  const agents = { drip: (s) => { const t = setInterval(() => s.write("g"), 100); s.on("close", () => clearInterval(t)); }, rubbish: (s) => s.end(Buffer.from([0, 255, 27, 91])), silent: () => {}, reset: (s) => s.resetAndDestroy() };
  for (const [kind, serve] of Object.entries(agents)) {
    const server = createTcp((s) => { s.on("error", () => {}); serve(s); });
    const result = await run(["inspect", "--timeout", "1s", `gops:127.0.0.1:${await listen(server)}`]);
    if (said(result) && result.code === 2 && result.ms < 20_000) held++;
    else odd.push(`gops ${kind}: exit ${result.code} ${result.out.slice(0, 200)}`);
    server.close();
  }
  row("hostile servers", "a sentence in time", `${held} of ${Object.keys(kinds).length + Object.keys(agents).length}${odd.length > 0 ? `; ${odd.join("; ")}` : ""}`, odd.length === 0);
}

// 4. Kills of a watch while it writes, three watches at a time, a full disk.
const events = (out) => out.split("\n").flatMap((line) => { try { const event = JSON.parse(line); return event.kind === "scraped" ? [Date.parse(event.at)] : []; } catch { return []; } });
function compare(store, acknowledged) {
  const db = openDatabase(store);
  const [{ integrity_check: integrity }] = db.prepare("PRAGMA integrity_check").all();
  const kept = new Set(db.prepare("SELECT at FROM scrape").all().map(({ at }) => at));
  db.close();
  return { integrity, lost: acknowledged.filter((at) => !kept.has(at)).length };
}
if (wants(4)) {
  const one = join(folder, "one.txt");
  writeFileSync(one, "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n");
  const watch = (store, ...more) => ["watch", "--interval", "10ms", "--json", "--store", store, ...more, one];
  const store = join(folder, "kill.db");
  let acknowledged = [];
  for (let n = 0; n < 20; n++) acknowledged.push(...events((await run(watch(store), { kill: n * 40, once: true })).out));
  let { integrity, lost } = compare(store, acknowledged);
  row("20 kills by SIGKILL while watch writes", "every acknowledged look is there", `${acknowledged.length} acknowledged, ${lost} lost, integrity ${integrity}`, lost === 0 && integrity === "ok");
  const three = join(folder, "three.db");
  const ended = await Promise.all([1, 2, 3].map(() => run(watch(three, "--until", "3s"))));
  acknowledged = ended.flatMap(({ out }) => events(out));
  ({ integrity, lost } = compare(three, acknowledged));
  row("three watches, one store", "all end well", `exits ${ended.map(({ code }) => code).join(" ")}, ${acknowledged.length} acknowledged, ${lost} lost`, lost === 0 && ended.every(({ code }) => code === 0));
  const disk = join(folder, "disk");
  mkdirSync(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], { stdio: "ignore" }).status === 0) {
    const full = join(disk, "full.db");
    const result = await run(watch(full), {
      during: async (out) => {
        const seen = async (kind) => { for (let n = 0; n < 300 && !out().includes(`"${kind}"`); n++) await sleep(100); };
        await seen("scraped");
        // Again and again: what the store has in hand of the disk is used up first.
        for (let n = 0; n < 300 && !out().includes('"unsaved"'); n++) {
          try { for (;;) writeFileSync(join(disk, "filler"), Buffer.alloc(1 << 10), { flag: "a" }); } catch {}
          await sleep(100);
        }
        rmSync(join(disk, "filler"));
        await seen("saved-again");
      },
    });
    acknowledged = events(result.out);
    ({ integrity, lost } = compare(full, acknowledged));
    row("a disk that is full for a while", "the watch says so, goes on, and loses nothing", `exit ${result.code}, said: ${/"unsaved"/.test(result.out)}, saved again: ${/"saved-again"/.test(result.out)}, ${acknowledged.length} acknowledged, ${lost} lost, integrity ${integrity}`, result.code === 0 && lost === 0 && integrity === "ok" && /"unsaved"/.test(result.out) && /"saved-again"/.test(result.out));
    spawnSync("umount", ["-l", disk]);
  } else row("a disk that is full for a while", "the watch goes on", "not done: no tmpfs could be mounted", true);
}

// 5. Interruptions of native tests, and what they leave.
if (wants(5)) {
  const tmp = join(folder, "tmp"), module = join(folder, "m");
  mkdirSync(tmp);
  mkdirSync(module);
  writeFileSync(join(module, "go.mod"), "module m\n\ngo 1.24\n");
  writeFileSync(join(module, "m_test.go"), "package m\n\nimport (\n\t\"os\"\n\t\"strconv\"\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestLong(t *testing.T) {\n\tos.WriteFile(os.Getenv(\"WROTE\"), []byte(strconv.Itoa(os.Getpid())), 0o666)\n\ttime.Sleep(time.Minute)\n}\n");
  let left = 0, alive = 0, count = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"]) {
    for (const kill of [100, 700, 2000, 4000]) {
      const wrote = join(folder, `wrote-${count++}`);
      await run(["test", "--native", "."], { kill, signal, cwd: module, env: { TMPDIR: tmp, WROTE: wrote } });
      await sleep(2500);
      try { const pid = Number(readFileSync(wrote, "utf8")); if (readFileSync(`/proc/${pid}/stat`, "utf8").indexOf(") Z ") < 0) alive++; } catch {}
      left += readdirSync(tmp).length;
      for (const name of readdirSync(tmp)) rmSync(join(tmp, name), { recursive: true, force: true });
    }
  }
  row("interruptions of native tests (SIGINT, SIGTERM, SIGHUP, SIGKILL at 0.1 to 4 s)", "no process and no folder stays", `${count} interruptions, ${alive} processes, ${left} folders`, alive === 0 && left === 0);
}

// 6. Guests: tests that try to get out of their world, or to take more than their share. Beside each what its own log must say.
if (wants(6)) {
  const module = join(folder, "guest"), secret = join(folder, "secret.txt");
  mkdirSync(module);
  writeFileSync(secret, "CANARY-FILE\n");
  writeFileSync(join(module, "go.mod"), "module guest\n\ngo 1.24\n");
  const read = (path) => `if text, err := os.ReadFile(${JSON.stringify(path)}); err == nil { t.Fatal("ESCAPED ", string(text)) }`;
  const only = process.env.TORTURE_GUESTS?.split(",");
  const GUESTS = {
    Passwd: 'if text, err := os.ReadFile("/etc/passwd"); err == nil && strings.Contains(string(text), "root:") { t.Fatal("ESCAPED ", string(text)) }', // there is one of Unpark's own
    Shadow: read("/etc/shadow"), Proc: read("/proc/self/environ"), Outside: read(secret), Above: read("../secret.txt"), Dots: read("./x/../../secret.txt"), Nul: read("/etc/passwd\0"),
    Link: `os.Symlink(${JSON.stringify(secret)}, "link"); ${read("link")}`, LinkUp: `os.Symlink("..", "up"); ${read("up/secret.txt")}`,
    Variables: 'for _, one := range os.Environ() { if strings.Contains(one, "CANARY") { t.Fatal("ESCAPED ", one) } }',
    Write: `os.WriteFile(${JSON.stringify(`${secret}.new`)}, []byte("x"), 0o600)`, Remove: `os.Remove(${JSON.stringify(secret)}); os.RemoveAll("..")`, OwnFiles: 'os.WriteFile("go.mod", []byte("x"), 0o600); os.Remove("guest_test.go")',
    Connect: 'if conn, err := net.Dial("tcp", "127.0.0.1:PORT"); err == nil { conn.Write([]byte("ESCAPED")); conn.Close() }', Metadata: 'if _, err := net.DialTimeout("tcp", "169.254.169.254:80", time.Second); err == nil { t.Fatal("ESCAPED") }',
    Exec: 'if out, err := exec.Command("/bin/sh", "-c", "id").Output(); err == nil { t.Fatal("ESCAPED ", string(out)) }',
    Memory: "var all [][]byte; for { all = append(all, make([]byte, 64<<20)); all[len(all)-1][0] = 1 }", Slice: "_ = make([]byte, 8<<30)[len(os.Args)]", Spin: "for i := 0; ; i++ { sum += i }", Deep: "deep(0)",
    Files: 'for i := 0; i < 1<<20; i++ { if os.WriteFile(strconv.Itoa(i), make([]byte, 1<<16), 0o600) != nil { return } }', Goroutines: "for i := 0; i < 50_000; i++ { go func() { select {} }() }",
    Output: 'for i := 0; i < 1<<22; i++ { fmt.Println(strings.Repeat("x", 1000)) }', Exit: "os.Exit(0)", Panic: 'panic("\\x1b]0;title\\x07\\r::error::x")',
  };
  let asked = 0;
  const outside = createTcp((socket) => { socket.on("error", () => {}); socket.on("data", () => asked++); });
  const port = await listen(outside);
  const bodies = Object.entries(GUESTS).map(([name, body]) => `func Test${name}(t *testing.T) {\n\t${body.replace("PORT", port)}\n}`).join("\n\n");
  const imports = ["fmt", "net", "os", "os/exec", "strconv", "strings", "testing", "time"];
  writeFileSync(join(module, "guest_test.go"), `package guest\n\nimport (\n${imports.map((one) => `\t"${one}"\n`).join("")})\n\nvar (\n\tsum int\n\t_   = fmt.Sprint\n\t_   = time.Second\n)\n\nfunc deep(n int) int { return deep(n+1) + n }\n\n${bodies}\n`);
  const before = readFileSync(join(module, "guest_test.go"), "utf8");
  let held = 0;
  const odd = [];
  for (const name of only ?? Object.keys(GUESTS)) {
    const result = await run(["test", "--no-native", "--no-cache", "--budget", "3s", "-run", `^Test${name}$`, "-v", "."], { cwd: module, env: { CANARY_TOKEN: "CANARY-VARIABLE" }, most: 90_000 });
    const good = said(result) && !/ESCAPED|CANARY|[\u0007\u001b\u009b]|^::/m.test(result.out) && result.mib < 3500 && readFileSync(secret, "utf8") === "CANARY-FILE\n" && readFileSync(join(module, "guest_test.go"), "utf8") === before;
    if (good) held++;
    else odd.push(`${name} (exit ${result.code}, ${result.ms} ms, ${result.mib} MiB)`);
  }
  outside.close();
  row("guest programs under control: files, links, variables, sockets, processes, memory, endless work", "nothing seen, changed or asked outside; no abort", `${Object.keys(GUESTS).length} programs, ${held} held${odd.length ? `, not: ${odd.join(", ")}` : ""}; ${asked} connections`, odd.length === 0 && asked === 0);
}

// 7. What knows of services, and where results go: lists, Kubernetes' API, redirects with credentials, webhooks.
if (wants(7)) {
  let elsewhere = 0;
  const other = createServer((_, r) => { elsewhere++; r.end("[]"); });
  const otherPort = await listen(other);
  const forever = (piece, pause) => (_, r) => { r.on("error", () => {}); const timer = setInterval(() => r.write(piece), pause); r.on("close", () => clearInterval(timer)); };
  const json = (value) => (_, r) => r.end(typeof value === "string" ? value : JSON.stringify(value));
  const LISTS = {
    empty: json(""), none: json("[]"), null: json("null"), number: json("5"), rubbish: (_, r) => r.end(Buffer.alloc(1 << 20, 0xff)), html: json("<html><title>\u001b[31m</title>"), nested: json("[".repeat(200_000)), yaml: json("a: &a [*a, *a]\n"),
    bomb: json(`a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij".split("").map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]\n`).join("")}`), million: json([{ targets: Array.from({ length: 1_000_000 }, (_, i) => `a${i}.invalid:1`) }]), thousands: json([{ targets: Array.from({ length: 5000 }, (_, i) => `127.0.${i >> 8}.${i & 255}:1`) }]),
    control: json([{ targets: ["127.0.0.1:1\u001b]0;t\u0007"], labels: { "\u001b[31m": "\r::error::x" } }]), labels: json([{ targets: ["127.0.0.1:1"], labels: { job: "\u001b]0;title\u0007\r\n::error::x\u202e" } }]), secret: json([{ targets: ["http://bob:CANARY-LIST@127.0.0.1:1/x?token=CANARY-LIST"] }]),
    silent: () => {}, drip: forever("[", 100), endless: forever(Buffer.alloc(1 << 20, " "), 2), cut: (q) => q.socket.destroy(), refuse: (_, r) => r.writeHead(500).end("\u001b]0;t\u0007"), loop: (q, r) => r.writeHead(302, { location: q.url }).end(), redirect: (_, r) => r.writeHead(307, { location: `http://127.0.0.1:${otherPort}/` }).end(),
  };
  const API = {
    ...LISTS, items: json({ items: [null, 5, { metadata: null, spec: [], status: "x" }, { metadata: { name: "\u001b]0;t\u0007" }, spec: { containers: [{ ports: [{ name: "pprof", containerPort: 1e99 }] }] }, status: { phase: "Running", podIP: "evil.invalid/x#" } }] }),
    again: json({ items: [], metadata: { continue: "again" } }), pages: json({ items: Array(400).fill({}), metadata: { continue: "again" } }), changes: (q, r) => r.end(q.url.includes("watch=1") ? `${"null\n5\n{\"type\":\"ADDED\"}\n".repeat(1000)}` : '{"items":[]}'), line: (q, r) => (q.url.includes("watch=1") ? forever(Buffer.alloc(1 << 20, "x"), 5)(q, r) : r.end('{"items":[]}')),
  };
  let held = 0;
  const odd = [];
  const look = async (kind, argv, env) => {
    const result = await run([...argv, "--store", "none", "--timeout", "1s", "--interval", "50ms", "--until", "2s"], { env, most: 60_000 });
    if (said(result) && result.ms < 30_000 && result.mib < 2000 && !/[\u0007\u001b\u009b\u202e]|^::|CANARY|TypeError|Cannot read/m.test(result.out)) held++;
    else odd.push(`${kind}: exit ${result.code}, ${result.ms} ms, ${result.mib} MiB ${result.out.slice(0, 200)}`);
  };
  for (const [kinds, argvOf] of [[LISTS, (port) => [["--targets", `http://alice:CANARY-USER@127.0.0.1:${port}/sd?token=CANARY-QUERY`, "--refresh", "100ms"], {}]], [API, (port) => {
    writeFileSync(join(folder, "kubeconfig"), JSON.stringify({ "current-context": "c", clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }], users: [{ name: "u", user: { token: "CANARY-TOKEN" } }], contexts: [{ name: "c", context: { cluster: "c", user: "u" } }] }));
    return [["--targets", "k8s://shop?port=6060", "--refresh", "100ms"], { KUBECONFIG: join(folder, "kubeconfig") }];
  }]]) {
    for (const [kind, listener] of Object.entries(kinds)) {
      const server = createServer((q, r) => { q.on("error", () => {}); listener(q, r); });
      const [argv, env] = argvOf(await listen(server));
      await look(`${kinds === API ? "Kubernetes, " : ""}${kind}`, ["watch", ...argv], env);
      server.closeAllConnections();
      server.close();
    }
  }
  const files = { zeros: "/dev/zero", folder, missing: join(folder, "none.json"), binary: process.execPath };
  for (const [kind, file] of Object.entries(files)) await look(`file, ${kind}`, ["watch", "--targets", file], {});
  const count = Object.keys(LISTS).length + Object.keys(API).length + Object.keys(files).length;
  row("lists of services by HTTP and file, Kubernetes' API: hostile, huge, slow", "a sentence or targets; no secret, no control character, no end of the watch", `${held} of ${count}${odd.length > 0 ? `; ${odd.join("; ")}` : ""}; ${elsewhere} requests elsewhere`, odd.length === 0 && elsewhere === 0);

  // Alerts to receivers that are silent, drip, refuse or send on: the watch of a service that grows goes on, and ends in time.
  let looks = 0;
  const grows = createServer((_, r) => r.end(`goroutine profile: total ${looks += 20}\n${looks} @ 0x1 0x2\n#\t0x1\tmain.leak+0x1\t/a.go:1\n`));
  const growing = await listen(grows);
  const HOOKS = { good: (_, r) => r.end(), silent: () => {}, cut: (q) => q.socket.destroy(), refuse: (_, r) => r.writeHead(400).end("\u001b]0;t\u0007"), fails: (_, r) => r.writeHead(503).end(), redirect: (_, r) => r.writeHead(307, { location: `http://127.0.0.1:${otherPort}/` }).end(), endless: forever(Buffer.alloc(1 << 20, "x"), 5) };
  const bad = [];
  for (const [kind, listener] of Object.entries(HOOKS)) {
    let got = 0, secret = 0;
    looks = 0;
    const hook = createServer((q, r) => { got++; if (q.headers.authorization?.includes("CANARY")) secret++; q.resume(); listener(q, r); });
    const url = `http://hook:CANARY-HOOK@127.0.0.1:${await listen(hook)}/services/CANARY-PATH`;
    const result = await run(["watch", "--store", "none", "--interval", "20ms", "--window", "400ms", "--until", "8s", "--json", `http://127.0.0.1:${growing}/debug/pprof/goroutine?debug=1`], { env: { UNPARK_WEBHOOK: url, UNPARK_WEBHOOK_TOKEN: "CANARY-BEARER" }, most: 60_000 });
    if (!said(result) || result.ms > 30_000 || got === 0 || secret !== got || /[\u0007\u001b]|CANARY/.test(result.out) || !/"kind":"growing"/.test(result.out)) bad.push(`${kind}: exit ${result.code}, ${result.ms} ms, ${got} posts ${result.out.slice(-300)}`);
    hook.closeAllConnections();
    hook.close();
  }
  row("webhooks that are silent, slow, refuse, fail or send on", "the watch goes on and ends in time; the alert goes nowhere else", `${Object.keys(HOOKS).length - bad.length} of ${Object.keys(HOOKS).length}${bad.length > 0 ? `; ${bad.join("; ")}` : ""}; ${elsewhere} requests elsewhere`, bad.length === 0 && elsewhere === 0);
  for (const server of [grows, other]) { server.closeAllConnections(); server.close(); }
}

// 8. What Unpark itself serves: the page, the metrics, the language server, the agents' server.
if (wants(8)) {
  const one = join(folder, "one.txt");
  writeFileSync(one, "goroutine 1 [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n");
  const child = spawn(process.execPath, [join(root, "bin/unpark.js"), "serve", "--listen", "127.0.0.1:0", "--store", "none", "--interval", "100ms", one], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let ended, out = "";
  child.on("close", (code, signal) => (ended = code ?? signal));
  const url = await new Promise((done) => child.stdout.on("data", (data) => { out += data; const found = /http:\S+/.exec(out); if (found) done(new URL(found[0])); }));
  const random = new Prng(7);
  const heads = ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET //[ HTTP/1.1\r\n\r\n", `GET /api/target?target=${"%".repeat(2000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: e\r\nOrigin: http://e\r\n\r\n"];
  let requests = 0;
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 100 }, () => new Promise((done) => {
      const socket = connect(Number(url.port), "127.0.0.1");
      const bytes = Buffer.from(heads[random.below(heads.length)].replaceAll("localhost", url.host));
      for (let n = random.below(4); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
      socket.on("error", done).on("close", done).on("data", () => {});
      socket.write(bytes.subarray(0, random.below(bytes.length + 1)));
      setTimeout(() => socket.destroy(), 30 + random.below(60));
      requests++;
    })));
  }
  const slow = Array.from({ length: 300 }, () => connect(Number(url.port), "127.0.0.1").on("error", () => {}));
  for (const socket of slow) socket.write("GET / HT");
  await sleep(300);
  for (const socket of slow) socket.destroy();
  await sleep(300);
  const after = await fetch(url, { signal: AbortSignal.timeout(5000) }).then((r) => r.status, String);
  const foreign = await fetch(url, { headers: { origin: "http://evil.invalid" } }).then((r) => r.status, String);
  child.kill("SIGINT");
  for (let n = 0; n < 50 && ended === undefined; n++) await sleep(100);
  row("malformed requests and 300 half-open connections to unpark serve", "it answers afterwards, refuses another origin, ends by Ctrl-C", `${requests} requests, then ${after}, another origin ${foreign}, exit ${ended}`, after === 200 && foreign === 403 && ended === 0);

  const rubbish = { empty: "", bytes: Buffer.alloc(1 << 16, 0xff), length: "Content-Length: 99999999999\r\n\r\n{}", minus: "Content-Length: -1\r\n\r\n{}", json: "Content-Length: 3\r\n\r\n{x}", nested: `Content-Length: 400000\r\n\r\n${"[".repeat(400_000)}`, wrong: 'Content-Length: 54\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"initialize","params":5}', line: `${"x".repeat(4 << 20)}\n`, mcp: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":5,"arguments":[]}}\nnull\n[]\n{\n' };
  const odd = [];
  for (const command of ["lsp", "mcp"]) {
    for (const [kind, bytes] of Object.entries(rubbish)) {
      const server = spawn(process.execPath, [join(root, "bin/unpark.js"), command], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
      let text = "";
      for (const stream of [server.stdout, server.stderr]) stream.on("data", (data) => void (text.length < 1e5 && (text += data)));
      server.stdin.on("error", () => {});
      server.stdin.end(bytes);
      const code = await new Promise((done) => { const timer = setTimeout(() => { server.kill("SIGKILL"); done("does not end"); }, 10_000); server.on("close", (status, signal) => { clearTimeout(timer); done(status ?? signal); }); });
      if (![0, 1, 2].includes(code) || /FATAL ERROR|please report it|\n\s+at .*file:/.test(text)) odd.push(`${command} ${kind}: ${code} ${text.slice(0, 200)}`);
    }
  }
  row("rubbish to unpark lsp and unpark mcp", "an end, without an abort", `${2 * Object.keys(rubbish).length} inputs, odd: ${odd.join("; ") || "none"}`, odd.length === 0);
}

// 9. Settings, lists and reports of a repository that is a stranger's; and outputs onto a full device.
if (wants(9)) {
  const module = join(folder, "settings");
  mkdirSync(module);
  writeFileSync(join(module, "go.mod"), "module m\n\ngo 1.24\n");
  writeFileSync(join(module, "main.go"), "package main\n\nfunc main() {}\n");
  const SETTINGS = {
    bomb: `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij".split("").map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(",")}]\n`).join("")}`, brackets: "[".repeat(200_000), self: "ignore: &a [*a]\n", proto: "__proto__: {x: 1}\nconstructor: 5\n", nul: "budget: \u00001s\n", merge: "<<: {budget: 1s}\n", tag: "!!js/function 'x'\n", large: "#".repeat(32 << 20), control: "\u001b]0;t\u0007: 1\n", types: "ignore: 5\nskip: {a: 1}\nseverity: []\npackages: x\n",
    stars: `ignore:\n  - function: "${"*a".repeat(5000)}*b"\n    reason: x\n    expires: 2099-01-01\n`, targets: "watch:\n  targets: http://evil.invalid/\n  webhook: http://evil.invalid/\nserve:\n  listen: 0.0.0.0:80\n",
  };
  const odd = [];
  const check = (kind, result, codes = [0, 1, 2]) => { if (!said(result) || !codes.includes(result.code) || result.ms > 60_000 || /[\u0007\u001b]|^::/m.test(result.out)) odd.push(`${kind}: exit ${result.code}, ${result.ms} ms ${result.out.slice(0, 200)}`); };
  for (const [kind, text] of Object.entries(SETTINGS)) {
    writeFileSync(join(module, ".unpark.yaml"), text);
    check(kind, await run(["config"], { cwd: module }));
    check(`${kind}, watch`, await run(["watch", "--store", "none", "--until", "100ms", "--interval", "50ms", join(folder, "one.txt")], { cwd: module }));
    check(`${kind}, migrate`, await run(["migrate", "goleak"], { cwd: module }));
  }
  rmSync(join(module, ".unpark.yaml"));
  const report = '{"schema":"unpark-report/1","origin":{"command":"test","packages":["./..."],"args":[]},"failures":[],"programs":[{"name":"\u001b]0;t","package":"p","outcome":"failed","schedules":1,"complete":true,"bounds":[],"depth":1,"milliseconds":1,"limits":[],"findings":[{"verdict":"leaked","cause":"of-tomorrow"}]}]}';
  for (const [kind, text] of Object.entries({ report: report.replace("\u001b", "\\u001b"), nested: "[".repeat(300_000), large: `"${"x".repeat(64 << 20)}"`, null: "null" })) {
    writeFileSync(join(module, "r.json"), text);
    for (const argv of [["replay", "--from", "r.json"], ["merge", "r.json", "r.json"], ["accept", "r.json"]]) check(`${argv[0]} ${kind}`, await run(argv, { cwd: module }));
  }
  for (const argv of [["inspect", "--html=/dev/full"], ["inspect", "--json"], ["inspect"]]) {
    const shell = `exec "$0" "$@" ${argv[1]?.includes("/dev/full") ? "" : "> /dev/full"}`;
    const child = spawnSync("sh", ["-c", shell, process.execPath, join(root, "bin/unpark.js"), ...argv, join(folder, "one.txt")], { cwd: module, encoding: "utf8", timeout: 30_000 });
    if (child.status === 0 || child.signal !== null || /please report it|\n\s+at /.test(child.stderr)) odd.push(`${argv.join(" ")} onto a full device: ${child.status} ${child.signal} ${child.stderr.slice(0, 200)}`);
  }
  row("hostile settings, reports, and outputs onto a full device", "a sentence, and no exit code of success for what was not written", `${3 * Object.keys(SETTINGS).length + 12 + 3} runs, odd: ${odd.join("; ") || "none"}`, odd.length === 0);
}

// Of some parts alone, what is known of the others stays.
const kept = join(root, "bench/torture/result.json");
if (parts !== undefined && existsSync(kept)) {
  const before = JSON.parse(readFileSync(kept, "utf8"));
  rows.push(...before.rows.filter((old) => !rows.some(({ what }) => what === old.what)).map((old) => ({ commit: before.commit, ...old }))); // of that code, not of this
}
const result = { date: new Date().toISOString().slice(0, 10), ...machine(), rows };
mkdirSync(join(root, "bench/torture"), { recursive: true });
if (process.env.TORTURE_GUESTS === undefined) writeFileSync(kept, `${JSON.stringify(result, undefined, 1)}\n`);
rmSync(folder, { recursive: true, force: true });
const failed = rows.filter(({ good }) => !good).length;
console.log(`${rows.length} rows, ${failed} not as they must be`);
process.exit(failed > 0 ? 1 : 0);

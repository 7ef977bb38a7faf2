// Memory of a suite of 400 tests that is explored by two workers: a package of COUNT tests is written (channels, locks, contexts, an HTTP
// exchange, a quarter each, every tenth leaves a goroutine behind), and the command explores it, BUDGET for each test. Told are the largest
// resident size of the command's own process (its workers are threads), and of it and its children together, looked at every 100 ms.
//     npm run build && node bench/memory/memory.mjs > bench/memory/memory.txt
// Linux only (/proc). COUNT (400) and BUDGET (1s) in the environment.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machine } from "../../scripts/machine.mjs";

const COUNT = Number(process.env.COUNT ?? 400);
const BUDGET = process.env.BUDGET ?? "1s";
const MOST_GIB = 1.5;
const EVERY = 100;
const LEAKS = 10;

/** Bodies of tests; `leaks`: somebody stays. */
const KINDS = [
  (leaks) => `
	jobs, done := make(chan int), make(chan int${leaks ? "" : ", 3"})
	for range 3 {
		go func() {
			for job := range jobs {
				done <- job
			}
		}()
	}
	for i := range 3 {
		jobs <- i
	}
	close(jobs)
	<-done`,
  (leaks) => `
	var mu sync.Mutex
	var wg sync.WaitGroup
	count := map[int]int{}
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			count[i%2]++
		}()
	}
	wg.Wait()${leaks ? "\n\tgo func() { <-make(chan int) }()" : ""}`,
  (leaks) => `
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c := make(chan int${leaks ? "" : ", 1"})
	go func() {
		time.Sleep(2 * time.Second)
		c <- 1
	}()
	select {
	case <-c:
	case <-ctx.Done():
	}`,
  (leaks) => `
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) }))
	defer s.Close()
	r, err := s.Client().Get(s.URL + "/x")
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, r.Body)
	r.Body.Close()${leaks ? "\n\tgo func() { <-make(chan int) }()" : ""}`,
];

const imports = ["context", "fmt", "io", "net/http", "net/http/httptest", "sync", "testing", "time"];
const tests = Array.from({ length: COUNT }, (_, i) => `func Test${i}(t *testing.T) {${KINDS[i % KINDS.length](Math.floor(i / KINDS.length) % LEAKS === 0)}\n}\n`);
const folder = mkdtempSync(join(tmpdir(), "unpark-memory-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "go.mod"), "module suite\n\ngo 1.24\n");
writeFileSync(join(folder, "suite_test.go"), `package suite\n\nimport (\n${imports.map((one) => `\t"${one}"\n`).join("")})\n\n${tests.join("\n")}`);

/** Resident kilobytes of a process now, and its parent. */
function look(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { pid, parent: number("PPid"), resident: number("VmRSS"), peak: number("VmHWM") };
  } catch {
    return undefined; // it has ended
  }
}

function family(root) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => look(Number(pid)) ?? []);
  const own = new Set([root]);
  for (let found = true; found; ) {
    found = false;
    for (const { pid, parent } of all) if (own.has(parent) && !own.has(pid)) found = Boolean(own.add(pid));
  }
  return all.filter(({ pid }) => own.has(pid));
}

const start = performance.now();
const command = ["test", "--no-native", "--no-cache", "--workers", "2", "--budget", BUDGET, "--json=report.json", "."];
const child = spawn(process.execPath, [fileURLToPath(new URL("../../bin/unpark.js", import.meta.url)), ...command], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
let own = 0;
let together = 0;
const timer = setInterval(() => {
  const all = family(child.pid);
  own = Math.max(own, all.find(({ pid }) => pid === child.pid)?.peak ?? 0);
  together = Math.max(together, all.reduce((sum, { resident }) => sum + resident, 0));
}, EVERY);
const status = await new Promise((resolve) => child.on("close", resolve));
clearInterval(timer);

const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
const results = report.programs;
const complete = results.filter((one) => one.complete === true).length;
const leaks = results.filter(({ findings }) => findings?.length > 0).length;
const gib = (kilobytes) => (kilobytes / 2 ** 20).toFixed(2);
const { node, go, commit, cpu, memoryGiB } = machine();
console.log(`node ${node}, go ${go}, commit ${commit}, cpu ${cpu}, memoryGiB ${memoryGiB}, load ${loadavg()[0].toFixed(0)} at the end`);
console.log(`${COUNT} tests, ${BUDGET} each, two workers: exit code ${status}, ${((performance.now() - start) / 1000).toFixed(0)} s; ${results.length} explored, ${complete} completely, ${leaks} with findings`);
console.log(`largest resident size: ${gib(own)} GiB of the command, ${gib(together)} GiB with go's compiler and linker (at most ${MOST_GIB})`);
process.exitCode = own / 2 ** 20 <= MOST_GIB ? 0 : 1;

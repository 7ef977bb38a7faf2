import { Labels, type Body, type Description, type SelectCase, type Stmt } from "./program.js";

/** All descriptions as one Go package of tests: one build for all. */
export function goModule(all: readonly Description[]): Readonly<Record<string, string>> {
  const tests = all.map((d, i) => `func TestP${i}(t *testing.T) {\n${main(d)}}\n`).join("\n");
  return {
    "go.mod": "module conformance\n\ngo 1.24\n",
    "conformance.go": "package conformance\n",
    "conformance_test.go": `${HEADER}\n${tests}`,
  };
}

const HEADER = `package conformance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var _ = []any{context.Background, errors.Is, runtime.Goexit, (*sync.Once).Do, (*atomic.Int64).Add, time.Now}

// out writes one line at once, so that lines of goroutines do not mix.
func out(label string, words ...any) {
	os.Stdout.WriteString(label + " " + fmt.Sprintln(words...))
}
`;

function main(d: Description): string {
  const lines: string[] = [];
  const use = (name: string, decl: string): void => void lines.push(`\t${decl}`, `\t_ = ${name}`);
  for (const [name, size] of Object.entries(d.chans ?? {})) use(name, size === "nil" ? `var ${name} chan int` : `${name} := make(chan int, ${size})`);
  for (const name of d.mutexes ?? []) use(`&${name}`, `var ${name} sync.Mutex`);
  for (const name of d.rwmutexes ?? []) use(`&${name}`, `var ${name} sync.RWMutex`);
  for (const name of d.waitgroups ?? []) use(`&${name}`, `var ${name} sync.WaitGroup`);
  for (const name of d.onces ?? []) use(`&${name}`, `var ${name} sync.Once`);
  for (const name of d.conds ?? []) use(name, `${name} := sync.NewCond(&m0)`);
  for (const name of d.atomics ?? []) use(`&${name}`, `var ${name} atomic.Int64`);
  for (const name of d.timers ?? []) use(name, `var ${name} *time.Timer`);
  for (const [name, { timeout, parent }] of Object.entries(d.contexts ?? {})) {
    const above = parent ?? "context.Background()";
    const made = timeout === undefined ? `context.WithCancel(${above})` : `context.WithTimeout(${above}, ${timeout}*time.Millisecond)`;
    lines.push(`\t${name}, cancel${name} := ${made}`, `\t_, _ = ${name}, cancel${name}`);
  }
  const labels = new Labels();
  return [...lines, ...block(d.body, labels, 1), `\tout("1", "end")`, ""].join("\n");
}

const block = (body: Body, labels: Labels, depth: number): string[] =>
  body.flatMap((stmt) => emit(stmt, labels)).map((line) => "\t".repeat(depth) + line);

const nested = (body: Body, labels: Labels): string[] => block(body, labels, 1);

function emit(s: Stmt, labels: Labels): readonly string[] {
  const out = (...words: readonly string[]): string => `out("${labels.label}", ${words.join(", ")})`;
  switch (s.do) {
    case "send":
      return [`${s.ch} <- ${s.value}`, out(`"sent ${s.ch}"`)];
    case "recv":
      return ["{", `\tv, ok := <-${s.ch}`, `\t${out(`"recv ${s.ch}", v, ok`)}`, "}"];
    case "close":
      return [`close(${s.ch})`];
    case "range":
      return [`for v := range ${s.ch} {`, `\t${out(`"range ${s.ch}", v`)}`, "}", out(`"ranged ${s.ch}"`)];
    case "select":
      return ["select {", ...s.cases.flatMap((one, i) => selectCase(one, i, out)), ...(s.otherwise ? ["default:", `\t${out(`"select", -1`)}`] : []), "}"];
    case "lock":
      return [`${s.mu}.Lock()`, out(`"locked ${s.mu}"`)];
    case "unlock":
      return [`${s.mu}.Unlock()`];
    case "rlock":
      return [`${s.mu}.RLock()`, out(`"rlocked ${s.mu}"`)];
    case "runlock":
      return [`${s.mu}.RUnlock()`];
    case "trylock":
      return [out(`"trylock ${s.mu}", ${s.mu}.TryLock()`)];
    case "tryrlock":
      return [out(`"tryrlock ${s.mu}", ${s.mu}.TryRLock()`)];
    case "add":
      return [`${s.wg}.Add(${s.delta})`];
    case "wait":
      return [`${s.wg}.Wait()`, out(`"waited ${s.wg}"`)];
    case "once":
      return [`${s.once}.Do(func() {`, ...nested(s.body, labels), "})", out(`"once ${s.once}"`)];
    case "cwait":
      return [`${s.cond}.Wait()`, out(`"woken ${s.cond}"`)];
    case "signal":
      return [`${s.cond}.Signal()`];
    case "broadcast":
      return [`${s.cond}.Broadcast()`];
    case "sleep":
      return [`time.Sleep(${s.ms} * time.Millisecond)`];
    case "go": {
      const child = labels.child();
      return ["go func() {", ...nested(s.body, child), `\tout("${child.label}", "end")`, "}()"];
    }
    case "cancel":
      return [`cancel${s.ctx}()`];
    case "awaitctx":
      return [`<-${s.ctx}.Done()`, out(`"over ${s.ctx}", ${s.ctx}.Err()`)];
    case "panic":
      return [`panic("${s.text}")`];
    case "goexit":
      return ["runtime.Goexit()"];
    case "guarded":
      return ["func() {", "\tdefer func() {", "\t\tif r := recover(); r != nil {", `\t\t\t${out(`"recovered", r`)}`, "\t\t}", "\t}()", ...nested(s.body, labels), "}()"];
    case "deferring":
      return ["func() {", "\tdefer func() {", ...block(s.deferred, labels, 2), "\t}()", ...nested(s.body, labels), "}()"];
    case "load":
      return [out(`"load ${s.a}", ${s.a}.Load()`)];
    case "store":
      return [`${s.a}.Store(${s.value})`];
    case "addint":
      return [out(`"add ${s.a}", ${s.a}.Add(${s.value})`)];
    case "swap":
      return [out(`"swap ${s.a}", ${s.a}.Swap(${s.value})`)];
    case "cas":
      return [out(`"cas ${s.a}", ${s.a}.CompareAndSwap(${s.old}, ${s.value})`)];
    case "timer":
      return [`${s.t} = time.NewTimer(${s.ms} * time.Millisecond)`];
    case "trecv":
      return [`<-${s.t}.C`, out(`"fired ${s.t}"`)];
    case "tstop":
      return [out(`"stop ${s.t}", ${s.t}.Stop()`)];
    case "treset":
      return [out(`"reset ${s.t}", ${s.t}.Reset(${s.ms}*time.Millisecond)`)];
    case "afterfunc": {
      const child = labels.timer();
      return [`time.AfterFunc(${s.ms}*time.Millisecond, func() {`, ...nested(s.body, child), `\tout("${child.label}", "end")`, "})"];
    }
    case "log":
      return [out(`"${s.text}"`)];
  }
}

function selectCase(one: SelectCase, i: number, out: (...words: readonly string[]) => string): readonly string[] {
  if ("send" in one) return [`case ${one.send} <- ${one.value}:`, `\t${out(`"select", ${i}`)}`];
  if ("recv" in one) return [`case v, ok := <-${one.recv}:`, `\t${out(`"select", ${i}, v, ok`)}`];
  if ("after" in one) return [`case <-time.After(${one.after} * time.Millisecond):`, `\t${out(`"select", ${i}`)}`];
  return [`case <-${one.done}.Done():`, `\t${out(`"select", ${i}`)}`];
}

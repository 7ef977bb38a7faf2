import type { AddedFile } from "../../overlay/patch.js";

/** What is added to package runtime in every Go version, by noun. */
const RUNTIME = ["unpark", ...["box", "host", "unasked", "frames", "schedule", "time", "goroutine", "random", "program", "collect", "procs", "net", "file"].map((noun) => `unpark_${noun}`)];

/** Beside net_fake.go, which Go has itself. */
const NET = ["unpark", ...["head", "stream", "addr", "bind", "dial", "settings", "datagram", "message", "raw", "raw_message", "raw_option"].map((noun) => `unpark_${noun}`)];

export function addedFiles(): readonly AddedFile[] {
  return [
    ...RUNTIME.map((name) => ({ file: `runtime/${name}.go`, source: `runtime/${name}.go` })),
    { file: "runtime/unpark_wasm.s", source: "runtime/unpark_wasm.s" },
    { file: "runtime/unpark_leak.go", source: "runtime/unpark_leak.go", since: "1.26" },
    { file: "runtime/unpark_leak.go", source: "runtime/unpark_noleak.go", before: "1.26" },
    { file: "runtime/unpark_oldtimers.go", source: "runtime/unpark_oldtimers.go", before: "1.27" },
    { file: "runtime/unpark_oldtimers.go", source: "runtime/unpark_nooldtimers.go", since: "1.27" },
    { file: "runtime/unpark_bubble.go", source: "runtime/unpark_bubble.go", since: "1.25" },
    { file: "runtime/unpark_bubble.go", source: "runtime/unpark_bubble24.go", before: "1.25" },
    { file: "net/net_fake.go", source: "net/net_fake.go", overwrite: true },
    ...NET.map((name) => ({ file: `net/${name}.go`, source: `net/${name}.go` })),
    { file: "os/unpark.go", source: "os/unpark.go" },
    { file: "os/unpark_pipe.go", source: "os/unpark_pipe.go" },
    { file: "os/exec/unpark.go", source: "os/exec/unpark.go" },
    { file: "syscall/unpark.go", source: "syscall/unpark.go" },
    { file: "syscall/unpark_mode.go", source: "syscall/unpark_mode.go" },
    { file: "internal/syscall/unix/unpark_mode.go", source: "internal/syscall/unix/unpark_mode.go" },
    { file: "syscall/unpark_kill.go", source: "syscall/unpark_kill.go" },
    { file: "os/signal/unpark.go", source: "os/signal/unpark.go" },
    { file: "syscall/unpark_mmap.go", source: "syscall/unpark_mmap.go" },
    { file: "syscall/unpark_flock.go", source: "syscall/unpark_flock.go" },
    { file: "syscall/unpark_numbers.go", source: "syscall/unpark_numbers.go" },
    { file: "syscall/unpark_socket.go", source: "syscall/unpark_socket.go" },
    { file: "syscall/unpark_msghdr.go", source: "syscall/unpark_msghdr.go" },
    { file: "internal/sync/unpark.go", source: "internal/sync/unpark.go" },
    { file: "sync/unpark.go", source: "sync/unpark.go" },
    { file: "sync/atomic/doc.go", source: "sync/atomic/doc.go", overwrite: true },
    { file: "sync/atomic/asm.s", source: "sync/atomic/asm.s", overwrite: true },
    { file: "sync/atomic/doc_64.go", source: "sync/atomic/doc_64.go", overwrite: true },
    { file: "testing/unpark.go", source: "testing/unpark.go" },
    { file: "math/rand/unpark.go", source: "math/rand/unpark.go" },
    { file: "math/rand/v2/unpark.go", source: "math/rand/v2/unpark.go" },
  ];
}

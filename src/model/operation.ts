import type { ObjectId } from "./ids.js";

/** The visible operations: what one goroutine does that another can notice. The words are those of reports. */
export const OPERATIONS = [
  "send", "recv", "close", "select", // channels. A single-case select with default is a select too.
  "lock", "trylock", "unlock", // sync.Mutex
  "rlock", "tryrlock", "runlock", // sync.RWMutex, reader's side
  "wlock", "trywlock", "wacquire", "wunlock", // writer's side: wlock announces, wacquire waits for the readers to leave
  "wgadd", "wgwait",
  "condwait", "condsignal", "condbroadcast",
  "once", "oncedone",
  "semacquire", // a runtime semaphore that no other hook explains
  "load", "store", "rmw", // sync/atomic, sync.Map
  "yield", // runtime.Gosched
  "sleep",
  "timerstop", "timerreset",
  "random", // math/rand's global functions with a small range: the value is a choice
  "netread", "netwrite", // a stream of bytes: one direction of a connection
  "netrecv", "netsend", // datagrams; the object is the receiver's address
  "netaccept", "netdial", // at a listener's address
  "netbind", // listens, or takes an address
  "netclose", // a connection, a listener, a datagram socket
  "netfin", "netstop", // CloseWrite and CloseRead; closing does both
  "netset", // deadlines and buffer sizes
  "io", // waits for something outside (a pipe, the network of the host)
  "start", // a goroutine that has not run yet (only where a host stops it there)
  "clock", // the clock moves to the next timer; done by no goroutine
] as const;
export type OpKind = (typeof OPERATIONS)[number];

/** How a step touches an object: by which operation. A `select` lists each of its channels as `send` or `recv`. */
export interface Access {
  readonly object: ObjectId;
  readonly op: OpKind;
  /**
   * In footprints, where the host knows it: what the object held just before. A channel: values in its buffer; a
   * WaitGroup: its counter. Reduction needs it to see that a send and a receive commute; without it they do not.
   */
  readonly before?: number;
  /** In footprints: a channel's size. */
  readonly capacity?: number;
  /** In footprints: what a `wgadd` adds. */
  readonly delta?: number;
}

/** The clock is an object too: steps that read the time access it by `load`, the clock's own step by `clock`. */
export const CLOCK_OBJECT = 0 as ObjectId;

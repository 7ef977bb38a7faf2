/** Go's package sync, with x/sync's errgroup and semaphore beside it. */
export { Mutex, type Held, type Locker } from "./mutex.js";
export { RWMutex } from "./rwmutex.js";
export { WaitGroup } from "./wait-group.js";
export { Once, onceFunc, onceValue, onceValues } from "./once.js";
export { Cond } from "./cond.js";

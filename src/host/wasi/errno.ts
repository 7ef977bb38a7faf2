/**
 * WASI preview 1 error numbers that files and processes answer with; Go's syscall.Errno has the same numbers
 * (syscall/tables_wasip1.go), and its texts are what the program prints.
 */
export const ERRNO = {
  EACCES: 2,
  EBADF: 8,
  EBUSY: 10,
  EEXIST: 20,
  EFAULT: 21,
  EFBIG: 22,
  EILSEQ: 25,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  ENAMETOOLONG: 37,
  ENOENT: 44,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSOCK: 57,
  ENOTSUP: 58,
  EPERM: 63,
  ESPIPE: 70,
} as const;
export type ErrnoName = keyof typeof ERRNO;
const SUCCESS = 0;

/** Ends a host call with an error number: `wasiCall` makes the call's answer of it. */
class WasiFailure extends Error {
  readonly errno: number;

  constructor(name: ErrnoName) {
    super(name);
    this.name = "Failure";
    this.errno = ERRNO[name];
  }
}

// One object a name: a failing stat is ordinary (programs probe for files), and taking a stack costs more than the call.
const FAILURES = new Map<ErrnoName, WasiFailure>();

export function fail(name: ErrnoName): never {
  let failure = FAILURES.get(name);
  if (!failure) FAILURES.set(name, (failure = new WasiFailure(name)));
  throw failure;
}

/** A host call as the guest wants it: a number, zero for success. What is not a Failure is a bug of ours and goes on. */
export function wasiCall<A extends readonly unknown[]>(body: (...args: A) => void): (...args: A) => number {
  return (...args) => {
    try {
      body(...args);
      return SUCCESS;
    } catch (error) {
      if (error instanceof WasiFailure) return error.errno;
      throw error;
    }
  };
}

/** What node:fs threw, as a Failure; `EIO` for what WASI has no name for. */
export function failLike(error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return fail(code in ERRNO ? (code as ErrnoName) : "EIO");
}

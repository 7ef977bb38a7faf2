/** `import "unpark/jest"`: adds `await expect(async () => { … }).not.toLeak()` to jest's `expect`. */
import { expect } from "@jest/globals";
import { matchers, type GivenOptions } from "./testing.js";

interface LeakMatchers {
  /** Does a goroutine leak in some schedule? Explores the function that `expect` was given. */
  toLeak(options?: GivenOptions): Promise<void>;
}

declare module "expect" {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- must read as jest's own declaration does
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LeakMatchers {}
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where @types/jest keeps its matchers
  namespace jest {
    /** As @types/jest has it. */
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as above
    interface Matchers<R, T = {}> extends LeakMatchers {}
  }
}

expect.extend(matchers);

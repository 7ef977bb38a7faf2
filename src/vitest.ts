/** `import "unpark/vitest"`: adds `await expect(async () => { … }).not.toLeak()` to vitest's `expect`. */
import { expect } from "vitest";
import { matchers, type GivenOptions } from "./testing.js";

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars -- must read as vitest's own declaration does
  interface Matchers<T = any> {
    /** Does a goroutine leak in some schedule? Explores the function that `expect` was given. */
    toLeak(options?: GivenOptions): Promise<void>;
  }
}

expect.extend(matchers);

export default { test: { include: ["vitest.spec.ts"], testTimeout: 1_000, setupFiles: ["unpark/vitest/timeouts"] } };

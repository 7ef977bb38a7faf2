export default { test: { include: ["vitest.spec.ts"], testTimeout: 300, setupFiles: ["unpark/vitest/timeouts"] } };

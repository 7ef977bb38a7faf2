export default { test: { include: ["hang.spec.ts"], testTimeout: 300, setupFiles: ["unpark/vitest/timeouts"] } };

export default { test: { include: ["vitest.spec.ts"], testTimeout: 120_000 } };

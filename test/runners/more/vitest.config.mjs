export default { test: { include: ["{vitest,plain,broken,foreign}.spec.ts"] } };

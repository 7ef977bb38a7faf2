export default {
  testMatch: ["<rootDir>/jest.spec.ts"],
  testTimeout: 1_000,
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.\\.?/.*)\\.js$": "$1" },
  transform: { "\\.ts$": "./esm.mjs" },
  setupFilesAfterEnv: ["unpark/jest/timeouts"],
};

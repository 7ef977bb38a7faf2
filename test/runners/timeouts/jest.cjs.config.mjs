export default {
  testMatch: ["<rootDir>/jest.spec.ts"],
  testTimeout: 1_000,
  moduleNameMapper: { "^(\\.\\.?/.*)\\.js$": "$1" },
  transform: { "\\.ts$": "./cjs.mjs" },
  setupFilesAfterEnv: ["unpark/jest/timeouts"],
};

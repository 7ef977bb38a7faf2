export default {
  testMatch: ["<rootDir>/jest.spec.ts"],
  testTimeout: 300,
  moduleNameMapper: { "^(\\.\\.?/.*)\\.js$": "$1" },
  transform: { "\\.ts$": "./cjs.mjs" },
  setupFilesAfterEnv: ["unpark/jest/timeouts"],
};

export default {
  testTimeout: 120_000,
  testMatch: ["<rootDir>/jest.spec.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.\\.?/.*)\\.js$": "$1" },
  transform: { "\\.ts$": "./typescript.mjs" },
};

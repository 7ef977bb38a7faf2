export default {
  testTimeout: 120_000,
  testMatch: ["<rootDir>/jest.spec.ts"],
  moduleNameMapper: { "^(\\.\\.?/.*)\\.js$": "$1" },
  transform: { "\\.ts$": "./commonjs.mjs" },
};

import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["**/dist/", "site/.vitepress/", "node_modules/", "examples/go/", "go/", "fixtures/"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      // A `default` says that the rest is meant to be treated alike; without one every member must be named.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/require-await": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "no default exports: a name is the same everywhere" },
      ],
    },
  },
  {
    // What a function answers has a name once it has parts. eslint counts `??`, `?.` and defaults as branches: 20 of them are ten questions.
    // Left out are tests and their helpers, of which a describe is one function.
    files: ["src/**/*.ts"],
    ignores: ["**/*.test.ts", "**/testing/**"],
    rules: { complexity: ["error", 20], "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    // Tables: each entry is a function of its own, or data.
    files: ["src/host/wasi/*-calls.ts", "src/toolchain/patches/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // A page embeds its functions by their text, and the state and the elements of one view are one closure (ARCHITECTURE.md).
    files: ["src/report/**/*client.ts"],
    rules: { "max-lines-per-function": ["error", { max: 140, skipBlankLines: true, skipComments: true }] },
  },
  {
    // node:test's describe/it return promises that the runner itself awaits.
    files: ["**/*.test.ts", "**/*.spec.ts", "src/control/testing/seam-conformance.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  { files: ["**/*.mjs", "**/*.cjs", "**/*.js"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.config.mjs", "test/runners/project/*.mjs", "test/runners/timeouts/*.mjs", "test/runners/more/*.mjs"], rules: { "no-restricted-syntax": "off" } },
);

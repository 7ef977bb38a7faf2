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
    // node:test's describe/it return promises that the runner itself awaits.
    files: ["**/*.test.ts", "**/*.spec.ts", "src/control/testing/seam-conformance.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  { files: ["**/*.mjs", "**/*.cjs", "**/*.js"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.config.mjs", "test/runners/project/*.mjs", "test/runners/timeouts/*.mjs", "test/runners/more/*.mjs"], rules: { "no-restricted-syntax": "off" } },
);

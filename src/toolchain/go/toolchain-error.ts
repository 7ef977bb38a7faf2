/**
 * What can go wrong between "the user's Go" and a built module. Every member carries a `message` that says what, where
 * and what to do next; the other fields are for programs. Bad input is one of these values, never a throw.
 */
export type ToolchainError =
  | { readonly kind: "no-go"; readonly message: string }
  | { readonly kind: "unsupported-go"; readonly version: string; readonly message: string }
  | { readonly kind: "patch"; readonly file: string; readonly function: string | undefined; readonly goVersion: string; readonly message: string }
  | { readonly kind: "list"; readonly message: string }
  | { readonly kind: "compile"; readonly package: string; readonly message: string }
  | { readonly kind: "cancelled"; readonly message: string }
  | { readonly kind: "io"; readonly path: string; readonly message: string };

export type PatchError = Extract<ToolchainError, { readonly kind: "patch" }>;

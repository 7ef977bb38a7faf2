import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type ts from "typescript";
import type { PatchedFile } from "../../../model/results/fix.js";
import { isScript } from "../js-project.js";
import type { Compiler } from "./compiler.js";

/** Without a tsconfig.json: what Node itself takes. Nothing is written. */
const usual = ({ ScriptTarget, ModuleKind, ModuleResolutionKind }: Compiler): ts.CompilerOptions => ({
  target: ScriptTarget.ESNext,
  module: ModuleKind.NodeNext,
  moduleResolution: ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
});

/** The user's sources with types, some of them as a patch makes them. */
export class Sources {
  readonly ts: Compiler;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** His own: none of a package, no declarations. */
  readonly files: readonly ts.SourceFile[];

  private constructor(compiler: Compiler, program: ts.Program) {
    this.ts = compiler;
    this.program = program;
    this.checker = program.getTypeChecker();
    this.files = program.getSourceFiles().filter((file) => isOwn(file.fileName) && !file.isDeclarationFile);
  }

  /** Opens what `roots` (paths of files) and the project's tsconfig.json name, once for each patch. */
  static opener(compiler: Compiler, project: string, roots: readonly string[]): (patched?: readonly PatchedFile[]) => Sources {
    const config = compiler.findConfigFile(project, existsSync);
    const parsed = config === undefined ? undefined : compiler.parseJsonConfigFileContent(compiler.readConfigFile(config, (file) => readFileSync(file, "utf8")).config, compiler.sys, dirname(config));
    const names = [...new Set([...(parsed?.fileNames ?? []), ...roots.filter((file) => isScript(file) && isOwn(file) && existsSync(file))])];
    const options: ts.CompilerOptions = { ...(parsed?.options ?? usual(compiler)), noEmit: true, incremental: false, composite: false, skipLibCheck: true, allowJs: parsed?.options.allowJs === true || names.some((name) => /\.[cm]?jsx?$/.test(name)) };
    const host = compiler.createCompilerHost(options, true);
    const kept = new Map<string, ts.SourceFile>();
    let old: ts.Program | undefined;
    return (patched = []) => {
      const texts = new Map(patched.map(({ file, after }) => [file, after]));
      const getSourceFile: ts.CompilerHost["getSourceFile"] = (name, languageVersion) => {
        const text = texts.get(name) ?? (existsSync(name) ? readFileSync(name, "utf8") : undefined);
        if (text === undefined) return undefined;
        const known = kept.get(name);
        if (known?.text === text) return known;
        const file = compiler.createSourceFile(name, text, languageVersion, true);
        kept.set(name, file);
        return file;
      };
      old = compiler.createProgram({ rootNames: names, options, host: { ...host, getSourceFile }, ...(old === undefined ? {} : { oldProgram: old }) });
      return new Sources(compiler, old);
    };
  }

  /** What the type checker says of some files and of those that import them, without places: a patch moves lines. */
  words(files: readonly PatchedFile[]): readonly string[] {
    const changed = new Set(files.map(({ file }) => file));
    return this.files.filter((one) => changed.has(one.fileName) || this.#imports(one).some((name) => changed.has(name))).flatMap((file) =>
      [...this.program.getSyntacticDiagnostics(file), ...this.program.getSemanticDiagnostics(file)].map(({ code, messageText }) => `${file.fileName}: TS${code}: ${this.ts.flattenDiagnosticMessageText(messageText, " ")}`),
    );
  }

  #imports(file: ts.SourceFile): readonly string[] {
    const { ts } = this;
    const specifiers = file.statements.flatMap((one) => ((ts.isImportDeclaration(one) || ts.isExportDeclaration(one)) && one.moduleSpecifier !== undefined ? [one.moduleSpecifier] : []));
    return specifiers.flatMap((one) => this.checker.getSymbolAtLocation(one)?.declarations?.map((declaration) => declaration.getSourceFile().fileName) ?? []);
  }

  /** The file of a stack's frame. */
  file(name: string): ts.SourceFile | undefined {
    return this.files.find((file) => file.fileName === name);
  }

  /** From 1, as in a stack. */
  line(node: ts.Node, at = node.getStart()): number {
    return node.getSourceFile().getLineAndCharacterOfPosition(at).line + 1;
  }
}

const isOwn = (file: string): boolean => !/[\\/]node_modules[\\/]/.test(file);

import type ts from "typescript";
import type { Proposal, Site, WayHere } from "../site.js";
import { bare, calledName, functionName, functionOf, isAsync, statementOf, within } from "../syntax.js";

/** What takes something, and what gives it back. */
const PAIRS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  acquire: ["release", "free", "destroy"], lock: ["unlock", "release"], rlock: ["runlock"], connect: ["release", "end", "close", "disconnect"], take: ["give", "put"],
  get: ["release", "put"], checkout: ["checkin", "release"], open: ["close"], enter: ["leave", "exit"], reserve: ["release"],
}));

/** Given back in a `finally`: an error on the way kept it. */
export const giveBack: WayHere = (site) => {
  const { sources: { ts, files }, objects } = site;
  const taken = site.nodes("stack").flatMap((node) => [...within(ts, node)]).find((node): node is ts.CallExpression => ts.isCallExpression(node) && PAIRS.has(calledName(ts, node) ?? ""));
  if (taken === undefined) return "nothing that is given back is waited for";
  const name = calledName(ts, taken)!;
  const owner = objects.symbol(takenFrom(ts, taken));
  const found: Proposal[] = [];
  for (const file of files) {
    for (const node of within(ts, file)) {
      if (!ts.isCallExpression(node) || calledName(ts, node) !== name) continue;
      if (objects.symbol(takenFrom(ts, node)) !== owner || owner === undefined) continue;
      const proposal = givenBackAfter(site, node, PAIRS.get(name)!);
      if (proposal !== undefined) found.push(proposal);
    }
  }
  if (found.length === 0) return `whoever calls ${name} gives back what it took, or nowhere in the same block`;
  return found.length === 1 ? found : [{ edits: found.flatMap(({ edits }) => edits), facts: found[0]!.facts }, ...found];
};

const takenFrom = (api: typeof ts, { expression }: ts.CallExpression): ts.Expression => (api.isPropertyAccessExpression(expression) ? expression.expression : expression);

/** What one call took, given back in a `finally` behind it; `words`: what gives back. */
function givenBackAfter(site: Site, call: ts.CallExpression, words: readonly string[]): Proposal | undefined {
  const { ts } = site.sources;
  const fn = functionOf(ts, call);
  const place = statementOf(ts, call);
  if (fn === undefined || place === undefined || !isAsync(ts, fn)) return undefined;
  const { statement, block: { statements }, index } = place;
  const object = takenFrom(ts, call).getText();
  const got = statement.getChildren().length > 0 && ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.name.getText() : undefined;
  const give = statements.findIndex((one, at) => at > index && isGiving(ts, one, { object, got, words }));
  const end = statements[give];
  const next = statements[index + 1];
  if (end === undefined || next === undefined || next === end) return undefined;
  const facts = { what: got ?? object, function: functionName(ts, fn), give: end.getText().replace(/^await |;$/g, "") };
  const after = statements.slice(give + 1);
  const isUsedAfter = after.length > 0 && uses(ts, statements.slice(index + 1, give), after);
  return { edits: site.patch().finally(place.block, [next, isUsedAfter ? after.at(-1)! : end], end.getText(), end).edits, facts };
}

/** By a method of where it was taken from, or of what was got; or by calling what was got. */
function isGiving(api: typeof ts, statement: ts.Statement, { object, got, words }: { readonly object: string; readonly got: string | undefined; readonly words: readonly string[] }): boolean {
  if (!api.isExpressionStatement(statement)) return false;
  const call = bare(api, api.isVoidExpression(statement.expression) ? statement.expression.expression : statement.expression);
  if (!api.isCallExpression(call)) return false;
  if (api.isIdentifier(call.expression)) return call.expression.text === got;
  return words.includes(calledName(api, call) ?? "") && [object, got].includes((call.expression as ts.PropertyAccessExpression).expression.getText());
}

/** Does what comes later need a name of what comes before? */
function uses(api: typeof ts, before: readonly ts.Statement[], after: readonly ts.Statement[]): boolean {
  const declared = before.flatMap((one) => (api.isVariableStatement(one) ? one.declarationList.declarations.map(({ name }) => name) : []));
  const names = new Set(declared.flatMap((name) => [...within(api, name)].filter((at) => api.isIdentifier(at)).map((at) => at.text)));
  return after.some((one) => [...within(api, one)].some((at) => api.isIdentifier(at) && names.has(at.text)));
}

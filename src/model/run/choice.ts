import { err, ok, type Result } from "../../base/result.js";
import { goroutineName, type GoroutineName } from "../ids.js";

/**
 * One decision. `go`: a goroutine does its pending operation, by itself. `meet`: a send and a receive on an
 * unbuffered channel meet, one event of two goroutines; either side may be a select (`case`, its index in source
 * order). `value`: what a random draw gives, or any other input that is explored. `clock`: time moves to the next timer.
 */
export type Choice =
  | { readonly kind: "go"; readonly goroutine: GoroutineName; readonly case?: number }
  | {
      readonly kind: "meet";
      readonly sender: GoroutineName;
      readonly sendCase?: number;
      readonly receiver: GoroutineName;
      readonly recvCase?: number;
    }
  | { readonly kind: "value"; readonly goroutine: GoroutineName; readonly value: number }
  | { readonly kind: "clock" };

/** A select's `default` case, as a `case` index. */
export const DEFAULT_CASE = -1;

/**
 * The printable form, without spaces: `1.2`, `1.2/3` (select case 3), `1.2/d` (default), `1>1.2` (1 sends to 1.2),
 * `1/0>1.2/1`, `1.2=7` (draws 7), `@` (the clock).
 */
export function formatChoice(choice: Choice): string {
  switch (choice.kind) {
    case "go":
      return choice.goroutine + formatCase(choice.case);
    case "meet":
      return `${choice.sender}${formatCase(choice.sendCase)}>${choice.receiver}${formatCase(choice.recvCase)}`;
    case "value":
      return `${choice.goroutine}=${choice.value}`;
    case "clock":
      return "@";
  }
}

const formatCase = (index: number | undefined): string =>
  index === undefined ? "" : index === DEFAULT_CASE ? "/d" : `/${index}`;

/** More digits than 15 are no number that stays itself. */
const PARTY = String.raw`(\d+(?:\.[0-9t]+)*)(?:/(\d{1,15}|d))?`;
const GO = new RegExp(`^${PARTY}$`);
const MEET = new RegExp(`^${PARTY}>${PARTY}$`);
const VALUE = /^(\d+(?:\.[0-9t]+)*)=(\d{1,15})$/;

const caseOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text === "d" ? DEFAULT_CASE : Number(text);

export function parseChoice(text: string): Result<Choice, string> {
  if (text === "@") return ok({ kind: "clock" });
  const go = GO.exec(text);
  if (go) return ok(goChoice(goroutineName(go[1]!), caseOf(go[2])));
  const meet = MEET.exec(text);
  if (meet) {
    return ok(meetChoice(goroutineName(meet[1]!), caseOf(meet[2]), goroutineName(meet[3]!), caseOf(meet[4])));
  }
  const value = VALUE.exec(text);
  if (value) return ok({ kind: "value", goroutine: goroutineName(value[1]!), value: Number(value[2]) });
  return err(`'${text}' is not a choice: expected 1.2, 1.2/0, 1>1.2, 1.2=7 or @`);
}

export const goChoice = (goroutine: GoroutineName, index?: number): Choice =>
  index === undefined ? { kind: "go", goroutine } : { kind: "go", goroutine, case: index };

export const meetChoice = (
  sender: GoroutineName,
  sendCase: number | undefined,
  receiver: GoroutineName,
  recvCase: number | undefined,
): Choice => {
  // Each of the four written out: made for each two that could meet, in each step.
  if (sendCase === undefined) return recvCase === undefined ? { kind: "meet", sender, receiver } : { kind: "meet", sender, receiver, recvCase };
  return recvCase === undefined ? { kind: "meet", sender, sendCase, receiver } : { kind: "meet", sender, sendCase, receiver, recvCase };
};

/** Compared field by field: it is asked for every alternative of every step. */
export function sameChoice(a: Choice, b: Choice): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "go":
      return b.kind === "go" && a.goroutine === b.goroutine && a.case === b.case;
    case "meet":
      return (
        b.kind === "meet" && a.sender === b.sender && a.receiver === b.receiver &&
        a.sendCase === b.sendCase && a.recvCase === b.recvCase
      );
    case "value":
      return b.kind === "value" && a.goroutine === b.goroutine && a.value === b.value;
    case "clock":
      return b.kind === "clock";
  }
}

/** The goroutines that a choice lets go on; none for the clock. */
export function actorsOf(choice: Choice): readonly GoroutineName[] {
  switch (choice.kind) {
    case "go":
    case "value":
      return [choice.goroutine];
    case "meet":
      return [choice.sender, choice.receiver];
    case "clock":
      return [];
  }
}

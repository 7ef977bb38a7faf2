import { err, ok, type Result } from "./result.js";

/** Nanoseconds in each unit that Go's time.ParseDuration knows. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go's form of a duration (`1h30m`, `1.5s`, `250ms`; a bare number is seconds) in nanoseconds. */
export function parseDuration(text: string): Result<bigint, string> {
  const bad = err(`'${text}' is not a duration: expected for instance 30s, 1m30s or 500ms`);
  if (/^\d+(\.\d+)?$/.test(text)) return parseDuration(`${text}s`);
  if (!/^((\d+(\.\d+)?)(ns|us|µs|ms|s|m|h))+$/.test(text)) return bad;
  let total = 0n;
  for (const [, whole, fraction = "", unit] of text.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h)/g)) {
    const scale = UNITS[unit!]!;
    const digits = fraction.slice(0, 9);
    total += BigInt(whole!) * scale + (BigInt(digits || "0") * scale) / 10n ** BigInt(digits.length);
  }
  return ok(total);
}

/** Nanoseconds as Go prints them, at most three digits behind the point: `1.5s`, `2m3s`, `80ms`, `0s`. */
export function formatDuration(value: bigint): string {
  if (value < 0n) return `-${formatDuration(-value)}`;
  if (value === 0n) return "0s";
  if (value < 1_000n) return `${value}ns`;
  if (value < 1_000_000n) return `${scaled(value, 1_000n)}µs`;
  if (value < UNITS["s"]!) return `${scaled(value, 1_000_000n)}ms`;
  if (value < UNITS["m"]!) return `${scaled(value, UNITS["s"]!)}s`;
  const hours = value / UNITS["h"]!;
  const minutes = (value % UNITS["h"]!) / UNITS["m"]!;
  const rest = value % UNITS["m"]!;
  const parts = [hours > 0n ? `${hours}h` : "", minutes > 0n ? `${minutes}m` : "", rest > 0n ? formatDuration(rest) : ""];
  return parts.join("");
}

function scaled(value: bigint, unit: bigint): string {
  const thousandths = (value * 1000n) / unit;
  const fraction = String(thousandths % 1000n).padStart(3, "0").replace(/0+$/, "");
  return `${thousandths / 1000n}${fraction ? `.${fraction}` : ""}`;
}

/** `1,204` */
export const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 goroutine`, `1,204 schedules`. */
export const count = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

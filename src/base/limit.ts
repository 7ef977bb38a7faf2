/**
 * At most `size` of the tasks given to it run at once; the others wait in order of arrival. A task that throws frees
 * its place; its error is its caller's.
 */
export function limit(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift(); // passes its place on, so that no other call comes in between
      if (next === undefined) running--;
      else next();
    }
  };
}

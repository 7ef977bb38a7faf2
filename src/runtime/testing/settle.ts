/** Two turns of the event loop: the scheduler gives the first to the loop when its time is up (S3). */
export async function settle(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve));
}

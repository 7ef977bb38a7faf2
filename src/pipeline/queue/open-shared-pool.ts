import { ok, type Result } from "../../base/result.js";
import { openNats } from "../../queue/nats/open-nats.js";
import type { QueueRequest } from "../go/explore-request.js";
import { Pool, type ExaminingPool, type PoolOptions } from "../pool/pool.js";
import { engine } from "../results/open-results.js";
import { SpecSender } from "./portable-spec.js";
import { Session } from "./session.js";
import { SharedPool } from "./shared-pool.js";

type Env = Readonly<Record<string, string | undefined>>;

/** A command's pool on a queue; closing it takes back all that it has there. */
export async function openSharedPool({ url, say }: QueueRequest, env: Env, options: Omit<PoolOptions, "outside">): Promise<Result<ExaminingPool, string>> {
  const { version, shown } = engine();
  const opened = await openNats(url, env, version, say);
  if (!opened.ok) return opened;
  const queue = opened.value;
  const session = new Session(queue, { version, shown, say });
  await session.open();
  const sender = new SpecSender(queue);
  const shared = new SharedPool(session, { ...options, send: (spec) => sender.send(spec), say });
  const pool = new Pool({ ...options, outside: shared });
  shared.use(pool);
  return ok({
    programs: (spec) => pool.programs(spec),
    examine: (...asked) => shared.examine(...asked),
    close: async () => {
      await pool.close();
      await session.close();
      await queue.close();
    },
  });
}

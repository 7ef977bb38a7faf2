import { plainDots } from "../../model/source/blame.js";
import type { Cause } from "../../model/finding/cause.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { WaitKind } from "../../model/goroutine/wait.js";

/**
 * Goroutines that libraries keep for as long as something of theirs is open: one of them means that the thing is open,
 * many that it was opened again and again and not closed. Each row with its reason; a row counts from `many` goroutines
 * on, and, with `idleMinutes`, only where they have waited for longer than that.
 */
interface LibraryShape {
  readonly matches: (group: GoroutineGroup) => boolean;
  /** One of them, in words: a plural noun. */
  readonly each: string;
  readonly reason: string;
  readonly what: string;
  readonly cause: Cause;
  readonly many?: number;
  readonly idleMinutes?: number;
  /** Goroutines each of which makes use of one: only what is left of the number counts. */
  readonly used?: RegExp;
  /** Somebody is at work with the thing: then these wait for their turn, and only those that wait for long stand out. */
  readonly busy?: (group: GoroutineGroup) => boolean;
}

type Row = Omit<LibraryShape, "matches" | "cause" | "what"> & { readonly on: RegExp; readonly kinds?: readonly WaitKind[]; readonly cause?: Cause; readonly what?: string };

const ROWS: readonly Row[] = [
  // net/http/transport.go: between two answers readLoop waits in Peek. DefaultTransport closes such a connection after 90 s.
  {
    on: /^net\/http\.\(\*persistConn\)\.readLoop$/, kinds: ["io"], many: 20, idleMinutes: 2, each: "idle connection of an HTTP client",
    reason: "idle for longer than the 90 s after which the default transport closes them: a Transport is made for each call, or has no IdleConnTimeout and nobody calls CloseIdleConnections",
  },
  {
    on: /^(?:net\/http\.\(\*http2clientConnReadLoop\)\.run|golang\.org\/x\/net\/http2\.\(\*clientConnReadLoop\)\.run|net\/http\/internal\/http2\.\(\*clientConnReadLoop\)\.run)$/, kinds: ["io"], many: 50, idleMinutes: 5,
    each: "HTTP/2 connection of a client", reason: "one transport keeps one connection to each host: a Transport is made for each call",
  },
  // database/sql/sql.go: conn() waits here once MaxOpenConns are in use.
  {
    on: /^database\/sql\.\(\*DB\)\.conn$/, kinds: ["select"], each: "goroutine that waits for a connection of the database pool",
    reason: "all of MaxOpenConns are in use: by rows that were not closed, transactions that were not ended, or calls that take long", what: "waiting for a connection of an exhausted pool",
    busy: (group) => (group.kind === "io" || group.kind === "running") && group.stack.some((frame) => /^database\/sql\.\(\*(?:DB|Stmt|Tx|Conn|Rows|driverConn)\)\./.test(frame.function)),
  },
  { on: /^database\/sql\.\(\*Rows\)\.awaitDone$/, idleMinutes: 4, each: "open result set", reason: "rows.Close was not called, and they were not read to their end; each holds a connection of the pool" },
  { on: /^database\/sql\.\(\*Tx\)\.awaitDone$/, idleMinutes: 4, each: "open transaction", reason: "neither Commit nor Rollback was called; each holds a connection of the pool" },
  { on: /^database\/sql\.\(\*DB\)\.connectionOpener$/, each: "sql.DB", reason: "one DB is a pool for the whole program: sql.Open is called again and again, and Close is not" },
  // context.go, propagateCancel: one goroutine for each child of a parent that is no type of package context.
  {
    on: /^context\.(?:\(\*cancelCtx\)\.)?propagateCancel\.func\d$/, kinds: ["select"], many: 50, cause: "missing-cancel", what: "waiting for a cancellation that does not come",
    each: "derived context", reason: "each was derived from a Context of somebody's own type, and its cancel function was not called",
  },
  { on: /^crypto\/tls\.\(\*Conn\)\.handshakeContext\.func\d$/, idleMinutes: 2, cause: "no-timeout", what: "waiting on the network without a timeout", each: "TLS handshake", reason: "the other side does not answer, and no deadline ends the handshake" },
  { on: /^os\/exec\.\(\*Cmd\)\.(?:watchCtx|Start)\.func\d$/, kinds: ["select"], many: 50, idleMinutes: 4, each: "started process", reason: "its Wait is not over, or was not called" },
  // google.golang.org/grpc
  { on: /^google\.golang\.org\/grpc\.newClientStreamWithParams\.func\d$/, kinds: ["select"], many: 20, used: /^google\.golang\.org\/grpc\.\(\*(?:clientStream|addrConnStream)\)\.(?:RecvMsg|SendMsg)$/, each: "gRPC stream that nobody reads", reason: "a stream ends when it was read up to an error, or its context is cancelled", what: "held by streams that were not finished" },
  { on: /^google\.golang\.org\/grpc\/internal\/grpcsync\.\(\*CallbackSerializer\)\.run$/, many: 60, each: "serializer of a gRPC ClientConn (2 or 3 each)", reason: "one ClientConn is meant to be shared: NewClient or Dial is called again and again, and Close is not" },
  { on: /^google\.golang\.org\/grpc\.\(\*ccBalancerWrapper\)\.watcher$/, many: 20, each: "gRPC ClientConn", reason: "one ClientConn is meant to be shared: Dial is called again and again, and Close is not" },
  { on: /^google\.golang\.org\/grpc\/internal\/transport\.\(\*http2Client\)\.reader$/, many: 100, each: "gRPC client connection", reason: "each ClientConn keeps one to each address: Dial is called again and again, and Close is not" },
  // Kubernetes: a watch's receiver is blocked in a send when nobody reads its results.
  { on: /^k8s\.io\/apimachinery\/pkg\/watch\.\(\*StreamWatcher\)\.receive$/, kinds: ["select", "send"], each: "Kubernetes watch", reason: "nobody reads its results, and Stop was not called" },
  { on: /^k8s\.io\/client-go\/tools\/cache\.\(\*Reflector\)\.(?:ListAndWatch\w*|watch\w*|Run)(?:\.func\d+)*$/, many: 200, each: "reflector of an informer", reason: "informers are started again and again, and their stop channel is not closed" },
  { on: /^k8s\.io\/client-go\/tools\/watch\.(?:UntilWithoutRetry|NewIndexerInformerWatcher\w*)/, kinds: ["send"], each: "Kubernetes watcher", reason: "nobody reads its results" },
  { on: /^go\.etcd\.io\/etcd\/client\/v3\.\(\*watchGrpcStream\)\.run$/, many: 50, each: "etcd watch stream", reason: "its context is not cancelled" },
  { on: /^go\.etcd\.io\/etcd\/client\/v3\.\(\*lessor\)\.(?:recvKeepAliveLoop|deadlineLoop)$/, many: 20, each: "etcd lease client", reason: "clientv3.New is called again and again, and Close is not" },
  // Clients of queues and stores: one such goroutine for each that is open.
  { on: /^github\.com\/(?:IBM|Shopify)\/sarama\.\(\*client\)\.backgroundMetadataUpdater$/, each: "Kafka client (sarama)", reason: "NewClient, NewConsumer or NewProducer is called again and again, and Close is not" },
  { on: /^github\.com\/segmentio\/kafka-go\.\(\*(?:connPool\)\.discover|Reader\)\.run|reader\)\.run)$/, each: "Kafka reader or transport (kafka-go)", reason: "each is open until Close is called" },
  { on: /^github\.com\/nats-io\/(?:nats\.go|go-nats)\.\(\*Conn\)\.(?:readLoop|flusher)$/, each: "NATS connection", reason: "Connect is called again and again, and Close or Drain is not" },
  { on: /^github\.com\/nats-io\/(?:nats\.go|go-nats)\.\(\*Conn\)\.waitForMsgs$/, many: 50, each: "NATS subscription", reason: "Unsubscribe is not called" },
  { on: /^github\.com\/eclipse\/paho\.mqtt\.golang\.(?:keepalive|startIncomingComms\.func\d|startOutgoingComms\.func\d|\(\*client\)\.startCommsWorkers\.func\d)$/, each: "MQTT client", reason: "Connect is called again and again, and Disconnect is not" },
  { on: /^github\.com\/(?:go-redis\/redis|redis\/go-redis)(?:\/v\d+)?\/internal\/pool\.\(\*ConnPool\)\.reaper$/, each: "Redis client", reason: "NewClient is called again and again, and Close is not" },
  { on: /^github\.com\/(?:go-redis\/redis|redis\/go-redis)(?:\/v\d+)?\.\(\*(?:PubSub\)\.initMsgChan|PubSub\)\.initHealthCheck|channel\)\.init\w+)\.func\d/, each: "Redis subscription", reason: "PubSub.Close is not called" },
  { on: /^github\.com\/(?:streadway\/amqp|rabbitmq\/amqp091-go)\.\(\*Connection\)\.(?:reader|heartbeater)$/, each: "AMQP connection", reason: "Dial is called again and again, and Close is not" },
  { on: /^go\.mongodb\.org\/mongo-driver(?:\/v\d+)?\/x\/mongo\/driver\/topology\.\(\*Server\)\.update$/, many: 20, each: "monitor of a MongoDB client", reason: "Connect is called again and again, and Disconnect is not" },
  { on: /^github\.com\/jackc\/pgx\/v\d+\/pgxpool\.\(\*Pool\)\.backgroundHealthCheck$/, each: "pgx pool", reason: "one pool is for the whole program: New is called again and again, and Close is not" },
  // Things with a goroutine of their own.
  { on: /^gopkg\.in\/natefinch\/lumberjack\.v2\.\(\*Logger\)\.millRun$/, each: "log file (lumberjack)", reason: "a Logger is made again and again; its goroutine never ends, even after Close" },
  { on: /^github\.com\/fsnotify\/fsnotify\.\(\*\w+\)\.readEvents$/, each: "file watcher", reason: "NewWatcher is called again and again, and Close is not" },
  { on: /^github\.com\/patrickmn\/go-cache\.\(\*janitor\)\.Run$/, each: "cache", reason: "a cache is made again and again, and something still refers to each" },
  { on: /^github\.com\/robfig\/cron(?:\/v\d+)?\.\(\*Cron\)\.run$/, each: "cron scheduler", reason: "Stop is not called" },
  { on: /^go\.opentelemetry\.io\/otel\/sdk\/(?:trace\.\(\*batchSpanProcessor\)\.processQueue|metric\.\(\*PeriodicReader\)\.run)$/, each: "OpenTelemetry provider", reason: "a provider is made again and again, and Shutdown is not called" },
  { on: /^github\.com\/syndtr\/goleveldb\/leveldb\.\(\*DB\)\.(?:mpoolDrain|compactionError)$/, each: "open LevelDB", reason: "it is opened again and again, and Close is not called" },
  { on: /^github\.com\/dgraph-io\/(?:badger|ristretto)(?:\/v\d+)?\.\(\*(?:DB\)\.(?:updateSize|doWrites)|Cache(?:\[\.\.\.\])?\)\.processItems)$/, each: "open database or cache (dgraph-io)", reason: "it is opened again and again, and Close is not called" },
];

const KINDS_ANY: readonly WaitKind[] = [];

export const LIBRARY_SHAPES: readonly LibraryShape[] = ROWS.map(({ on, kinds = KINDS_ANY, cause = "resource-not-closed", what = "held by what was opened and not closed", ...row }) => ({
  ...row, cause, what,
  matches: (group) => (kinds.length === 0 ? group.kind !== "running" : kinds.includes(group.kind)) && group.goroutines[0]!.stack.some((frame) => on.test(plainDots(frame.function))),
}));

/** Healthy, however many: as many as a server has clients, an informer handlers, or a pool workers. */
const AS_MANY_AS_CLIENTS = /^(?:google\.golang\.org\/grpc\/internal\/transport\.(?:\(\*http2Server\)\.(?:HandleStreams|keepalive)|\(\*loopyWriter\)\.run|NewServerTransport\.func\d|\(\*controlBuffer\)\.get)|k8s\.io\/client-go\/tools\/cache\.\(\*processorListener\)\.(?:run|pop)|k8s\.io\/client-go\/util\/workqueue\.|github\.com\/gorilla\/websocket\.\(\*Conn\)\.(?:NextReader|ReadMessage)|github\.com\/panjf2000\/ants(?:\/v\d+)?\.\(\*goWorker|github\.com\/nats-io\/nats-server)/;

export const servesClients = (group: GoroutineGroup): boolean => group.goroutines[0]!.stack.some((frame) => AS_MANY_AS_CLIENTS.test(plainDots(frame.function)));

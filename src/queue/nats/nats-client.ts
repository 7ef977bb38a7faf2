// What is used of the NATS client, in one file, as server/prom-client.ts does it: optional peer dependencies of the npm package,
// a bundle in the single executable.
export { connect, credsAuthenticator, nkeyAuthenticator, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
export { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType, type Consumer, type JetStreamClient, type JetStreamManager, type JsMsg } from "@nats-io/jetstream";
export { Objm, type ObjectStore } from "@nats-io/obj";

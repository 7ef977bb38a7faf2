// What is used of node-postgres, in one file, as server/prom-client.ts does it: an optional peer dependency of the npm package,
// a bundle in the single executable.
export { Pool, type PoolClient, type QueryResult } from "pg";

// Fastify with pg: prepared statements, the same schema and the same SQL as the floor.
import cluster from "node:cluster";
import fastify from "fastify";
import { makePool } from "./database.js";
import { memberships } from "./memberships.js";

const { PORT, WORKERS } = process.env;

if (cluster.isPrimary) {
  for (let number = 0; number < Number(WORKERS); number++) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  const server = fastify({
    logger: { level: "info" },
    disableRequestLogging: true,  // two lines a request; the hook below writes one, as the others do
    ajv: { customOptions: { removeAdditional: false } },  // an unknown parameter is refused, not dropped
  });
  server.addHook("onResponse", async (request, reply) => {
    request.log.info({ path: request.routeOptions.url, status: reply.statusCode, milliseconds: reply.elapsedTime });
  });
  server.register(memberships, { pool: makePool() });
  await server.listen({ host: "127.0.0.1", port: Number(PORT) });
}

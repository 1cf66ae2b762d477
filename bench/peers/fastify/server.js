// Fastify with pg: prepared statements, the same schema and the same SQL as the baseline.
import cluster from "node:cluster";
import fastify, { LogController } from "fastify";
import { makePool } from "./database.js";
import { memberships } from "./memberships.js";

const { PORT, WORKERS } = process.env;

if (cluster.isPrimary) {
  for (let number = 0; number < Number(WORKERS); number++) cluster.fork();
  process.on("SIGTERM", () => process.exit(0));
} else {
  const server = fastify({
    logger: { level: "info" },
    // two lines a request, and the errors; the hooks below write one line, as the others do, and the errors
    logController: new LogController({ disableRequestLogging: true }),
    ajv: { customOptions: { removeAdditional: false } },  // an unknown parameter is refused, not dropped
  });
  server.addHook("onResponse", async (request, reply) => {
    request.log.info({ path: request.routeOptions.url, status: reply.statusCode, milliseconds: reply.elapsedTime });
  });
  server.addHook("onError", async (request, reply, error) => {
    if ((error.statusCode ?? 500) >= 500) request.log.error(error);  // with its stack
  });
  server.register(memberships, { pool: makePool() });
  await server.listen({ host: "127.0.0.1", port: Number(PORT) });
}

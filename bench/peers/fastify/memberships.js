// GET /api/memberships, for the campus audience.
import { createHmac } from "node:crypto";
import { fetch } from "./database.js";

const WINDOW = 60_000, LARGEST_ID = 2 ** 31 - 1, LARGEST_PAGE_SIZE = 500;
const SECRET_KEY = `roster.ApiKey:${process.env.SECRET_KEY}`;

const id = { type: "integer", minimum: 0, maximum: LARGEST_ID };
const flag = { type: "boolean" };
const querystring = {
  type: "object",
  additionalProperties: false,
  properties: {
    page: { ...id, minimum: 1, default: 1 },
    pageSize: { ...id, minimum: 1, default: 100 },
    organizationId: id,
    userId: id,
    username: { type: "string" },
    currentMembershipsOnly: flag,
    publicPrivacyFilter: flag,
    ModifiedOnStart: { type: "integer", minimum: 0 },
  },
};

class Refused extends Error {
  constructor(statusCode, message) {
    super(message);
    this.statusCode = statusCode;
  }
}

export async function memberships(server, { pool }) {
  server.get("/api/memberships", { schema: { querystring } }, async (request, reply) => {
    await admit(pool, request.headers.authorization ?? "", reply);
    const { page } = request.query;
    const size = Math.min(request.query.pageSize, LARGEST_PAGE_SIZE);
    const asked = values(request.query);
    const offset = (page - 1) * size;
    const rows = await fetch(pool, statement(asked), { ...asked, limit: size, offset });
    let total = offset + rows.length;
    if (rows.length === size || (page > 1 && rows.length === 0)) [[total]] = await fetch(pool, "count", asked);
    if (total > page * size) {
      const url = new URL(request.url, `http://${request.headers.host}`);
      url.searchParams.set("page", page + 1);
      reply.header("Link", `<${url}>; rel="next"`);
    }
    reply.type("application/json; charset=utf-8");
    return JSON.stringify({
      pageNumber: page,
      pageSize: size,
      totalItems: total,
      totalPages: Math.ceil(total / size),
      items: rows.map(item),
    });
  });
}

async function admit(pool, authorization, reply) {
  const found = /^bearer cr_([^_]+)_(.+)$/i.exec(authorization);
  if (!found) throw new Refused(401, "Send a key as “Authorization: Bearer KEY”.");
  const [, prefix, secret] = found;
  const now = Date.now();
  const hash = createHmac("sha256", SECRET_KEY).update(secret).digest("hex");
  const [key] = await fetch(pool, "authenticate", { prefix, secret_hash: hash, now, window: now - WINDOW });
  if (!key) throw new Refused(401, "This key is not known here.");
  const [rate, audience, isLimited, networks, used, startedAt] = key;
  if (audience !== "campus" || isLimited || networks.length) {
    throw new Refused(403, "This peer answers the campus audience only.");
  }
  if (used > rate) throw new Refused(429, `This key may make ${rate} requests a minute.`);
  reply.header("X-RateLimit-Limit", rate);
  reply.header("X-RateLimit-Remaining", rate - used);
  reply.header("X-RateLimit-Reset", Math.max(1, Math.ceil((startedAt + WINDOW - now) / 1000)));
}

// What is asked, by the names that the SQL knows.
function values(query) {
  const asked = {};
  for (const name of ["organizationId", "userId", "publicPrivacyFilter"]) {
    if (query[name] !== undefined) asked[name] = query[name];
  }
  if (query.username !== undefined) asked.username = fold(query.username);
  if (query.currentMembershipsOnly) asked.today = today();
  if (query.ModifiedOnStart !== undefined) asked.ModifiedOnStart = new Date(query.ModifiedOnStart).toISOString();
  return asked;
}

function statement(asked) {
  if ("userId" in asked || "username" in asked) return "person";
  return "ModifiedOnStart" in asked ? "modified" : "roster";
}

function fold(name) {
  return name.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}

const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: process.env.TIME_ZONE, dateStyle: "short" });

function today() {
  return calendar.format(new Date());
}

function item(row) {
  return {
    membershipId: row[0],
    organizationId: row[1],
    organizationName: row[2],
    organizationShortName: row[3],
    positionTemplateId: row[4],
    positionTemplateName: row[5],
    positionTypeId: row[6],
    positionTypeName: row[7],
    positionId: row[8],
    positionName: row[9],
    userId: row[10],
    username: row[11],
    userFirstName: row[12],
    userLastName: row[13],
    userCampusEmail: row[14],
    positionRecordedStartDate: row[15],
    positionRecordedEndDate: row[16],
    positionReportedStartDate: row[17],
    positionReportedEndDate: row[18],
    reflection: "",
    userShownOnCampusRoster: row[19],
    userShownOnPublicRoster: row[20],
    deleted: false,
    createdOn: row[21],
    modifiedOn: row[22],
  };
}

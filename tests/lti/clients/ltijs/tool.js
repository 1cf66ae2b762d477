// A tool made with ltijs, unmodified: it waits for launches, and does what it is told by lines of JSON on its standard
// input, each answered by a line on its standard output. It ends with its input.
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";

import ltijs from "ltijs";

import { Memory } from "./memory.js";

const tool = ltijs.Provider;
const memory = new Memory();
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
let launched = null;
let pages = null; // of the walk that is going on, where rows may come and go between them

/** Lets rows come and go before each page of a walk but the first, by holding the request for it. */
class WaitingAgent extends http.Agent {
  async addRequest(request, ...rest) {
    if (pages !== null && request.path.startsWith("/lti/contexts/")) {
      pages += 1;
      if (pages > 1) {
        say({ between: pages - 1 });
        await lines.next();
      }
    }
    super.addRequest(request, ...rest);
  }
}

const told = {
  /** A platform that is known by hand. */
  async platform({ site, clientId }) {
    await tool.registerPlatform({
      name: "Campus Roster",
      url: site,
      clientId,
      authenticationEndpoint: `${site}/lti/authorize`,
      accesstokenEndpoint: `${site}/lti/token`,
      authConfig: { method: "JWK_SET", key: `${site}/lti/jwks` },
    });
  },
  /** Access tokens of an earlier test are good no more. */
  async forget() {
    await memory.Delete("accesstoken", {});
    launched = null;
  },
  /** The roster of a launch, as ltijs's own service reads it. */
  async members({ token, options, isInterrupted }) {
    pages = isInterrupted ? 0 : null;
    try {
      return await tool.NamesAndRoles.getMembers(token, options);
    } finally {
      pages = null;
    }
  },
  /** What onConnect was given by the last launch. */
  async launch() {
    return launched;
  },
};

const server = http.createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://localhost:${server.address().port}`;
http.globalAgent = new WaitingAgent({ keepAlive: true });
tool.setup("signs the cookies and ltiks of this tool", { plugin: memory }, {
  appRoute: "/launch",
  dynReg: { url, name: "Poll", customParameters: { who: "$Person.name.full" }, autoActivate: true },
});
tool.onConnect((token, request, response) => {
  launched = token;
  response.send("opened");
});
tool.onDeepLinking(async (token, request, response) => {
  const poll = { type: "ltiResourceLink", title: "Poll of May", url: `${url}/launch`, custom: { poll: "5" } };
  const items = [poll, { type: "link", url }];
  response.send(await tool.DeepLinking.createDeepLinkingForm(token, items, { message: "One poll." }));
});
await tool.deploy({ serverless: true, silent: true });
server.on("request", tool.app);
say({ url });

for await (const line of lines) {
  const { what, ...how } = JSON.parse(line);
  try {
    say({ answer: (await told[what](how)) ?? null });
  } catch (error) {
    say({ error: error.message, status: error.response?.statusCode ?? null });
  }
}
process.exit();

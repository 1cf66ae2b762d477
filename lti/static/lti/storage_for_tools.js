// Platform storage for the tools that this page opens, kept in its memory: LTI Client Side postMessages 0.1 and LTI
// Platform Storage 0.1 of 1EdTech (lti.capabilities, lti.put_data, lti.get_data).
// Only the origins of the page's tools are answered, and each reads only what it stored itself.
(() => {
  const MAX_ENTRIES = 100; // of an origin
  const MAX_LENGTH = 4096; // of a key and its value together
  const SUBJECTS = ["lti.capabilities", "lti.put_data", "lti.get_data"];
  const origins = document.getElementById("storage-for-tools").dataset.origins.split(" ");
  const stored = new Map(origins.map((origin) => [origin, new Map()]));
  const isText = (value) => typeof value === "string" && value !== "";

  const failed = (code, message) => ({ error: { code, message } });

  function put({ key, value }, entries) {
    if (value === null || value === undefined) {
      entries.delete(key);
      return { key, value: null };
    }
    if (typeof value !== "string") return failed("bad_request", "value is a text, or null to delete the key.");
    if (key.length + value.length > MAX_LENGTH) {
      return failed("storage_exhaustion", `A key and its value have at most ${MAX_LENGTH} characters.`);
    }
    if (!entries.has(key) && entries.size >= MAX_ENTRIES) {
      return failed("storage_exhaustion", `A tool stores at most ${MAX_ENTRIES} keys.`);
    }
    entries.set(key, value);
    return { key, value };
  }

  function answered(message, entries) {
    if (!SUBJECTS.includes(message.subject)) {
      return failed("unsupported_subject", `The subjects of this platform are ${SUBJECTS.join(", ")}.`);
    }
    if (!entries) return failed("wrong_origin", "No tool of this page is at this origin.");
    if (message.subject === "lti.capabilities") {
      return { supported_messages: SUBJECTS.map((subject) => ({ subject, frame: "_parent" })) };
    }
    if (!isText(message.message_id)) return failed("bad_request", "message_id is a text.");
    if (!isText(message.key)) return failed("bad_request", "key is a text.");
    if (message.subject === "lti.put_data") return put(message, entries);
    return { key: message.key, value: entries.get(message.key) ?? null };
  }

  window.addEventListener("message", ({ data, origin, source }) => {
    // Messages that are none of LTI, or from an origin without a name, are for others.
    if (!data || typeof data !== "object" || !isText(data.subject) || !data.subject.startsWith("lti.")) return;
    if (data.subject.endsWith(".response") || !source || origin === "null") return;
    const answer = { subject: `${data.subject}.response`, ...answered(data, stored.get(origin)) };
    if (isText(data.message_id)) answer.message_id = data.message_id;
    source.postMessage(answer, origin);
  });
})();

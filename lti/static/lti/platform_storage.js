// Keeps the state of a login in the storage of the learning platform, where the browser keeps no cookie for this frame:
// LTI Client Side postMessages and LTI Platform Storage of 1EdTech (lti.put_data, lti.get_data).
// Without an answer of the platform within two seconds, the page shows the way to a new window.
(() => {
  const { action, target, origin, key, value, next } = document.getElementById("storage").dataset;
  const alternative = document.getElementById("new-window");
  const around = window.parent === window ? window.opener : window.parent;
  const subject = `lti.${action}_data`;
  const message = { subject, message_id: crypto.randomUUID(), key };
  if (action === "put") message.value = value;

  const fail = () => {
    alternative.hidden = false;
  };
  let frame = null;
  try {
    frame = target === "_parent" ? around : around.frames[target];
  } catch {
    // a platform that names a frame which is not there
  }
  if (!frame) return;
  alternative.hidden = true;
  const timer = setTimeout(fail, 2000);

  window.addEventListener("message", (event) => {
    const answer = event.data;
    if (event.origin !== origin || !answer || typeof answer !== "object") return;
    if (answer.message_id !== message.message_id || answer.subject !== `${subject}.response`) return;
    clearTimeout(timer);
    if (answer.error || (action === "get" && !answer.value)) {
      fail();
    } else if (action === "put") {
      window.location.replace(next);
    } else {
      const form = document.getElementById("answer");
      form.elements.stored.value = answer.value;
      form.submit();
    }
  });
  frame.postMessage(message, origin);
})();

// Passes on to the learning platform, around this page, what the window that was opened from here says at its end.
window.addEventListener("message", (event) => {
  if (event.origin === window.location.origin && event.data && event.data.subject === "org.imsglobal.lti.close") {
    window.parent.postMessage(event.data, "*");
  }
});

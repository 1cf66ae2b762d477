// Tells the learning platform that the registration is done: it closes its dialog.
(window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");

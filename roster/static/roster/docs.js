// Shows the API's description. A file of its own, because the page's Content-Security-Policy runs no inline scripts.
const docs = document.getElementById("docs");

// The description is for programs; what would only be in a reader's way is taken out of this page.
function forReaders(api) {
  // What nobody can paste: a signature is good for half a minute, and a session comes by itself.
  const schemes = api.components.securitySchemes;
  for (const name of Object.keys(schemes)) {
    if (name.startsWith("signed_") || schemes[name].in === "cookie") delete schemes[name];
  }
  // Of an error, the headers that other answers have too.
  for (const error of Object.values(api.components.responses)) {
    error.headers = Object.fromEntries(Object.entries(error.headers).filter(([, header]) => !header.$ref));
  }
  return api;
}

SwaggerUIBundle({
  domNode: docs,
  url: docs.dataset.schema,
  responseInterceptor: (answer) => {
    if (answer.url.endsWith(docs.dataset.schema)) answer.text = JSON.stringify(forReaders(JSON.parse(answer.text)));
    return answer;
  },
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false, // a pasted key is forgotten with the page
  validatorUrl: null, // would ask another host
});

// Shows the API's description. A file of its own, because the page's Content-Security-Policy runs no inline scripts.
const docs = document.getElementById("docs");

SwaggerUIBundle({
  domNode: docs,
  url: docs.dataset.schema,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false, // a pasted key is forgotten with the page
  validatorUrl: null, // would ask another host
});

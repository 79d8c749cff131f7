"use strict";

// Shows the document of this port. Nothing is asked of another host: the validator badge is off.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  filter: true,
  persistAuthorization: true,
  showExtensions: true,
  tryItOutEnabled: true,
  onComplete: () => {
    document.title = `${window.ui.specSelectors.info().get("title")} – API documentation`;
  },
});

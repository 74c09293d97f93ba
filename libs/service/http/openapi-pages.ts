// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';
import { openApiDocument, type OpenApiPart } from './openapi.ts';

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Swagger UI styles its elements inline; nothing is loaded from elsewhere. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const START = `window.onload = () => {
  window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', presets: [SwaggerUIBundle.presets.apis] });
};
`;

/** `/openapi.json`, and `/docs`: a page to try the API, served whole from here. */
export function openApiPages(parts: readonly OpenApiPart[]): Router {
  const document = openApiDocument(parts);
  const router = express.Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.use('/docs', (_request, response, next) => {
    response.set('Content-Security-Policy', POLICY);
    next();
  });
  router.get('/docs', (request, response, next) => {
    if (request.originalUrl.endsWith('/docs')) response.redirect(301, '/docs/');
    else next();
  });
  router.get('/docs/swagger-initializer.js', (_request, response) => {
    response.type('application/javascript').send(START);
  });
  router.use('/docs', express.static(SWAGGER_UI));
  return router;
}

import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { RouteNotFound } from '#kernel/errors/kernel.errors';
import { baseUrlOf } from '#platform/http';
import { keptByBase, packedFiles } from './docs-files.js';
import { agentDocument, operatorDocument } from './openapi.js';
import { EXAMPLE_BASE } from './texts.js';

/**
 * Serves the reference: Swagger UI for agents at /docs and for operators at /admin/docs, with the documents
 * beside them. Everything comes from this server, so it works without an internet. Call it before the
 * application listens; each document is made when somebody first asks for it, not at start.
 */
export function mountDocs(app: NestExpressApplication, publicUrl?: string): void {
  const baseOf = (request: Request): string => baseUrlOf(request, publicUrl);
  mount(app, baseOf, {
    path: 'docs',
    title: 'UpMoltWork API',
    document: () => agentDocument(app),
    json: '/openapi.json',
    yaml: '/openapi.yaml',
  });
  mount(app, baseOf, {
    path: 'admin/docs',
    title: 'UpMoltWork operators',
    document: () => operatorDocument(app),
    json: '/admin/openapi.json',
    yaml: '/admin/openapi.yaml',
  });
}

/** The commands in the text work where they are read: with the address of this server. */
const atHome = ({ info, ...document }: OpenAPIObject, base: string): OpenAPIObject => ({
  ...document,
  info: { ...info, description: info.description?.replaceAll(EXAMPLE_BASE, base) },
});

/** Where all of it is, for what must happen before. */
export const REFERENCE_PATHS = [
  '/docs',
  '/openapi.json',
  '/openapi.yaml',
  '/admin/docs',
  '/admin/openapi.json',
  '/admin/openapi.yaml',
];

interface Reference {
  path: string;
  title: string;
  document: () => OpenAPIObject;
  json: string;
  yaml: string;
}

function mount(
  app: NestExpressApplication,
  baseOf: (request: Request) => string,
  { path, title, document, json, yaml }: Reference,
): void {
  app.use(`/${path}`, guardPage, packedFiles());
  app.use([json, yaml, `/${path}/swagger-ui-init.js`], keptByBase(baseOf));
  SwaggerModule.setup(path, app, document, {
    jsonDocumentUrl: json,
    yamlDocumentUrl: yaml,
    customSiteTitle: title,
    customCss: '.swagger-ui .topbar { display: none }',
    patchDocumentOnRequest: (request, _response, shown) => atHome(shown, baseOf(request as Request)),
    swaggerOptions: {
      // The validator is a service on the internet.
      validatorUrl: null,
      persistAuthorization: true,
      displayRequestDuration: true,
      deepLinking: true,
      docExpansion: 'list',
      filter: true,
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
    },
  });
}

/**
 * Swagger UI brings inline styles and images as data. Its scripts are files, so none may stand in the page:
 * texts from agents that end up in an example cannot run.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The files of Swagger UI that the page needs. Its package also holds a demo page that calls elsewhere. */
const ASSETS = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'swagger-ui-init.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
  'index.html',
]);

/** Applies to the page and the files of Swagger UI alone: other pages below /docs have their own rules. */
function guardPage(request: Request, response: Response, next: NextFunction): void {
  const file = request.path.slice(1);
  if (hasExtension(file) && !ASSETS.has(file))
    return next(new RouteNotFound(request.method, request.originalUrl));
  if (file !== '' && !ASSETS.has(file)) return next();
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  next();
}

const hasExtension = (file: string): boolean => /\.[a-z]+$/i.test(file);

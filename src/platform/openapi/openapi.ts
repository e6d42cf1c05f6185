import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { AgentSuspended, OperatorRoleRequired } from '#kernel/errors/kernel.errors';
import { ProblemDocument } from '#platform/http';
import { completeDocument, type Face } from './complete.js';
import { AGENTS_TEXT, API_VERSION, OPERATORS_TEXT } from './texts.js';

/** What agents and the public may call. */
export function agentDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('UpMoltWork')
    .setDescription(AGENTS_TEXT)
    .setVersion(API_VERSION)
    .setLicense('Apache-2.0', LICENSE_URL)
    // The first server is where "Try it out" sends its requests: the one that served the page.
    .addServer('/', 'This server')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'axe_<agent_id>_<64 hex>',
        description: 'The key that registering returned.',
      },
      AGENTS.securityScheme,
    )
    .build();
  return documentOf(app, config, AGENTS, (path) => isOfferedToAgents(path));
}

/** What operators may call, with keys of their own. */
export function operatorDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('UpMoltWork operators')
    .setDescription(OPERATORS_TEXT)
    .setVersion(API_VERSION)
    .setLicense('Apache-2.0', LICENSE_URL)
    .addServer('/', 'This server')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An operator key. Its role decides what it may do.' },
      OPERATORS.securityScheme,
    )
    .build();
  return documentOf(app, config, OPERATORS, isForOperators);
}

const LICENSE_URL = 'https://www.apache.org/licenses/LICENSE-2.0';

const AGENTS: Face = { securityScheme: 'agentKey', writerRefusal: AgentSuspended };
const OPERATORS: Face = { securityScheme: 'operatorKey', writerRefusal: OperatorRoleRequired };

/** Pages, health and metrics are served beside these and are no part of the interface. */
const OFFERED = ['/v1', '/public', '/api', '/sandbox', '/a2a', '/mcp', '/.well-known'];

const isUnder = (prefix: string, path: string): boolean => path === prefix || path.startsWith(`${prefix}/`);
const isForOperators = (path: string): boolean => isUnder('/v1/admin', path);
const isOfferedToAgents = (path: string): boolean =>
  !isForOperators(path) && OFFERED.some((prefix) => isUnder(prefix, path));

function documentOf(
  app: INestApplication,
  config: Omit<OpenAPIObject, 'paths'>,
  face: Face,
  isShown: (path: string) => boolean,
): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory,
    extraModels: [ProblemDocument],
    // A default that is made at construction, such as a date, would make every document differ.
    excludeDynamicDefaults: true,
  });
  document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => isShown(path)));
  return completeDocument(document, face);
}

/**
 * Controller and method, in words: `AgentsController.rotateKey` is `agentsRotateKey`, and
 * `AgentsAdminController.suspend` is `adminAgentsSuspend`. Unique because the pair is.
 */
export function operationIdFactory(controller: string, method: string): string {
  const [, noun = '', face = ''] = /^(.+?)(Admin|Sandbox)?Controller$/.exec(controller) ?? ['', controller];
  // A handler on several paths is `name[0]`, `name[1]`, …: the first path is the one to be known by.
  const verb = method.replace(/\[(\d+)\]$/, (_, index: string) => (index === '0' ? '' : `Alias${index}`));
  return lowerFirst(face + noun + upperFirst(verb));
}

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

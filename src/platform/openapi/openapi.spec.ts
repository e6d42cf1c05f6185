import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject, OperationObject, ResponseObject } from '@nestjs/swagger';
import { SampleModule } from '#test/support/sample-api';
import { documentGaps } from './gaps.js';
import { agentDocument, operationIdFactory, operatorDocument } from './openapi.js';
import { operationsOf, resolved } from './operations.js';

let app: INestApplication;
let agents: OpenAPIObject;
let operators: OpenAPIObject;

beforeAll(async () => {
  app = await NestFactory.create(SampleModule, { preview: true, logger: false });
  agents = agentDocument(app);
  operators = operatorDocument(app);
});
afterAll(() => app.close());

const operation = (path: string, method: 'get' | 'post' | 'delete', document = agents): OperationObject =>
  document.paths[path]![method]!;

/** The errors that an operation lists, as `status error`. */
function refusalsOf(of: OperationObject, document = agents): string[] {
  return Object.entries(of.responses).flatMap(([status, node]) => {
    const problem = resolved<ResponseObject>(document, node!).content?.['application/problem+json'];
    return Object.keys(problem?.examples ?? {}).map((error) => `${status} ${error}`);
  });
}

const shownBody = (of: OperationObject, status: string): unknown =>
  resolved<ResponseObject>(agents, of.responses[status]!).content!['application/json']!.example;

const EVERYWHERE = ['429 too_many_requests', '500 internal_error', '503 database_unavailable'];

describe('the documents', () => {
  it('part by path, and leave out what is no interface', () => {
    expect(Object.keys(agents.paths)).toEqual(['/v1/lamps', '/v1/lamps/{lamp_id}', '/v1/sandbox/lamps']);
    expect(Object.keys(operators.paths)).toEqual(['/v1/admin/lamps/{lamp_id}/switch']);
    expect(Object.keys(agents.components!.schemas!)).toContain('NewLamp');
    expect(Object.keys(operators.components!.schemas!)).not.toContain('NewLamp');
  });

  it('send "Try it out" to the server that shows them', () => {
    for (const document of [agents, operators]) {
      expect(document.openapi).toBe('3.1.0');
      expect(document.servers![0]!.url).toBe('/');
    }
  });

  it('come out the same each time', () => {
    expect(JSON.stringify(agentDocument(app))).toBe(JSON.stringify(agents));
  });

  it('ask for a key wherever an operation is not public', () => {
    expect(operation('/v1/lamps', 'get').security).toEqual([]);
    expect(operation('/v1/lamps', 'post').security).toEqual([{ agentKey: [] }]);
    const act = operation('/v1/admin/lamps/{lamp_id}/switch', 'post', operators);
    expect(act.security).toEqual([{ operatorKey: [] }]);
  });

  it('keep the notes of decorators to themselves', () => {
    expect(JSON.stringify([agents, operators])).not.toMatch(/"x-(public|idempotent|refuses)"/);
  });

  it('describe each section, the sandbox last', () => {
    expect(agents.tags!.map(({ name }) => name)).toEqual(['Lamps', 'Sandbox']);
    expect(operation('/v1/sandbox/lamps', 'post').tags).toEqual(['Sandbox']);
    expect(agents.tags!.every(({ description }) => description)).toBe(true);
  });
});

describe('refusals', () => {
  it('of a handler and of its decorators come together with those of its shape', () => {
    expect(refusalsOf(operation('/v1/lamps', 'post'))).toEqual([
      '400 malformed_json',
      '401 unauthenticated',
      '403 verification_required',
      '403 agent_suspended',
      '409 lamp_burnt_out',
      '409 idempotency_in_progress',
      '409 lost_a_race',
      '413 body_too_large',
      '415 unsupported_media_type',
      '422 invalid_fields',
      '422 idempotency_key_reused',
      '422 bad_idempotency_key',
      ...EVERYWHERE,
    ]);
  });

  it('of reading are fewer', () => {
    expect(refusalsOf(operation('/v1/lamps', 'get'))).toEqual(['422 invalid_fields', ...EVERYWHERE]);
    const one = ['401 unauthenticated', '404 lamp_not_found', '422 invalid_fields', ...EVERYWHERE];
    expect(refusalsOf(operation('/v1/lamps/{lamp_id}', 'get'))).toEqual(one);
  });

  it('of a controller are those of its handlers', () => {
    const act = operation('/v1/admin/lamps/{lamp_id}/switch', 'post', operators);
    expect(refusalsOf(act, operators)).toEqual(
      expect.arrayContaining(['404 lamp_not_found', '403 operator_role_required']),
    );
  });

  it('show the document that would come', () => {
    expect(agents.components!.examples!.lamp_not_found).toMatchObject({
      summary: 'Lamp not found',
      value: { status: 404, error: 'lamp_not_found', lamp_id: expect.any(String) },
    });
  });
});

describe('a body', () => {
  it('must be there when one of its members must', () => {
    const { requestBody } = operation('/v1/lamps', 'post');
    expect(requestBody).toMatchObject({ required: true });
  });
});

describe('examples', () => {
  it('are put together from those of the properties, and end where a schema holds itself', () => {
    const lamp = { id: 'lmp_k3v9x2mq', tone: 'cold', next: null, lit_at: '2026-03-12T09:00:00.000Z' };
    const body = operation('/v1/lamps', 'post').requestBody as {
      content: Record<string, { example: unknown }>;
    };
    expect(shownBody(operation('/v1/lamps', 'get'), '200')).toEqual({
      data: [lamp],
      next_cursor: 'eyJpZCI6MX0',
    });
    expect(body.content['application/json']!.example).toEqual({ watts: 40, tone: 'warm', replaces: lamp });
  });

  it('stand at every operation, in both directions', () => {
    expect([...documentGaps(agents), ...documentGaps(operators)]).toEqual([]);
    expect([...operationsOf(agents), ...operationsOf(operators)]).toHaveLength(6);
  });
});

describe('headers', () => {
  it('of an act that can be repeated', () => {
    const { parameters, responses } = operation('/v1/lamps', 'post');
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(Object.keys((responses['201'] as ResponseObject).headers!)).toContain('Idempotency-Replayed');
  });

  it('of one resource, and not of a list', () => {
    const one = operation('/v1/lamps/{lamp_id}', 'get');
    expect(Object.keys((one.responses['200'] as ResponseObject).headers!)).toContain('ETag');
    expect(one.responses).toHaveProperty('304');
    const list = operation('/v1/lamps', 'get');
    expect(Object.keys((list.responses['200'] as ResponseObject).headers!)).not.toContain('ETag');
    expect(list.responses).not.toHaveProperty('304');
  });

  it('of every response', () => {
    for (const { operation: each } of operationsOf(agents)) {
      for (const node of Object.values(each.responses)) {
        const names = Object.keys(resolved<ResponseObject>(agents, node!).headers!);
        expect(names).toEqual(expect.arrayContaining(['X-Request-Id', 'RateLimit', 'RateLimit-Policy']));
      }
    }
  });
});

describe('schemas', () => {
  it('lose what the generator wraps around a reference', () => {
    expect(agents.components!.schemas!.NewLamp).toMatchObject({
      required: ['watts', 'replaces'],
      properties: { replaces: { $ref: '#/components/schemas/Lamp', description: 'What it replaces.' } },
    });
    expect(JSON.stringify(agents)).not.toContain('"allOf"');
  });

  it('ask for nothing that has a default', () => {
    expect(operation('/v1/lamps', 'get').parameters).toMatchObject([
      { name: 'limit', required: false, example: 20 },
    ]);
  });
});

describe('operation ids', () => {
  it.each([
    ['AgentsController', 'rotateKey', 'agentsRotateKey'],
    ['AgentsAdminController', 'suspend', 'adminAgentsSuspend'],
    ['XSandboxController', 'post', 'sandboxXPost'],
    ['PublicController', 'feed[0]', 'publicFeed'],
    ['PublicController', 'feed[1]', 'publicFeedAlias1'],
    ['Oddly', 'named', 'oddlyNamed'],
  ])('%s.%s is %s', (controller, method, id) => expect(operationIdFactory(controller, method)).toBe(id));
});

describe('documentGaps', () => {
  /** Each way to leave readers guessing, done to a good document. */
  it.each<[string, (document: OpenAPIObject) => void, string]>([
    ['a summary', (d) => delete d.paths['/v1/lamps']!.get!.summary, 'GET /v1/lamps: has no summary'],
    ['a section', (d) => delete d.tags![0]!.description, 'section Lamps: has no description'],
    [
      'a request',
      (d) =>
        delete (d.paths['/v1/lamps']!.post!.requestBody as ResponseObject).content!['application/json']!
          .example,
      'POST /v1/lamps: the request has no example of application/json',
    ],
    [
      'an answer',
      (d) => delete (d.paths['/v1/lamps']!.get!.responses['200'] as ResponseObject).content,
      'GET /v1/lamps: 200 shows no body',
    ],
    [
      'what is absent',
      (d) => delete d.paths['/v1/lamps/{lamp_id}']!.get!.responses['404'],
      'GET /v1/lamps/{lamp_id}: takes an id but refuses nothing as absent',
    ],
    [
      'a field',
      (d) => Object.assign(d.components!.schemas!.NewLamp!, { properties: { watts: { type: 'number' } } }),
      'schema NewLamp.watts: has no example',
    ],
  ])('misses %s', (_what, harm, gap) => {
    const document = structuredClone(agents);
    harm(document);
    expect(documentGaps(document)).toEqual([expect.stringContaining(gap)]);
  });
});

describe('redocly', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'openapi-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The rules that the document breaks. */
  function lint(document: OpenAPIObject): string[] {
    const file = join(folder, 'document.json');
    writeFileSync(file, JSON.stringify(document));
    const cli = join('node_modules', '@redocly', 'cli', 'bin', 'cli.js');
    const { stdout } = spawnSync(
      process.execPath,
      [cli, 'lint', '--config=redocly.yaml', '--format=json', file],
      {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        encoding: 'utf8',
      },
    );
    const { problems } = JSON.parse(stdout) as { problems: { ruleId: string; message: string }[] };
    return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }

  it('finds nothing wrong with either document, and something with a spoilt one', () => {
    expect(lint(agents)).toEqual([]);
    expect(lint(operators)).toEqual([]);
    const spoilt = structuredClone(agents);
    delete spoilt.paths['/v1/lamps']!.get!.security;
    expect(lint(spoilt)).toEqual([expect.stringContaining('security-defined')]);
  });
});

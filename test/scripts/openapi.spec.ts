import { breakingChanges } from '../../scripts/breaking-changes.js';
import { documentDrift } from '../../scripts/document-drift.js';

const schema = (properties: object, required: string[]): object => ({ type: 'object', properties, required });

const BASELINE = {
  openapi: '3.1.0',
  info: { title: 'Lamps', version: '1.0.0' },
  paths: {
    '/v1/lamps': {
      get: {
        security: [],
        parameters: [{ name: 'limit', in: 'query', required: false, schema: { type: 'integer' } }],
        responses: {
          '200': {
            description: 'Done.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Lamp' } } },
          },
          '429': { description: 'Slow down.' },
        },
      },
      post: {
        security: [{ agentKey: [] }],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/NewLamp' } } },
        },
        responses: {
          '201': {
            description: 'Made.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Lamp' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Lamp: schema(
        { id: { type: 'string' }, watts: { type: 'number' }, next: { $ref: '#/components/schemas/Lamp' } },
        ['id', 'watts'],
      ),
      NewLamp: schema({ watts: { type: 'number', maximum: 100 }, tone: { type: 'string' } }, ['watts']),
    },
    examples: { lamp_not_found: { value: { status: 404 } } },
  },
};
type Document = typeof BASELINE;
// oxlint-disable-next-line typescript/no-explicit-any -- the cases below cut into the document anywhere
type Anything = any;

describe('breakingChanges', () => {
  it.each<[string, (d: Anything) => void, string]>([
    ['an operation removed', (d) => delete d.paths['/v1/lamps'].get, 'GET /v1/lamps is gone'],
    ['a path removed', (d) => delete d.paths['/v1/lamps'], '/v1/lamps is gone'],
    [
      'a property of an answer removed',
      (d) => delete d.components.schemas.Lamp.properties.watts,
      'properties/watts',
    ],
    [
      'a field no longer taken',
      (d) => delete d.components.schemas.NewLamp.properties.tone,
      'properties/tone',
    ],
    ['an optional field required', (d) => d.components.schemas.NewLamp.required.push('tone'), 'required'],
    [
      'a new required field',
      (d) => {
        d.components.schemas.NewLamp.properties.socket = { type: 'string' };
        d.components.schemas.NewLamp.required.push('socket');
      },
      'POST /v1/lamps: adds requestBody',
    ],
    ['a tighter limit', (d) => (d.components.schemas.NewLamp.properties.watts.maximum = 50), 'maximum'],
    [
      'another type in an answer',
      (d) => (d.components.schemas.Lamp.properties.watts.type = 'string'),
      'type',
    ],
    [
      'null in an answer',
      (d) => (d.components.schemas.Lamp.properties.watts.type = ['number', 'null']),
      'properties/watts/type',
    ],
    [
      'a parameter required',
      (d) => (d.paths['/v1/lamps'].get.parameters[0].required = true),
      'parameters/0/required',
    ],
    [
      'a key where none was needed',
      (d) => d.paths['/v1/lamps'].get.security.push({ agentKey: [] }),
      'security',
    ],
    ['an error renamed', (d) => (d.components.examples = { no_lamp: {} }), 'error lamp_not_found is gone'],
  ])('finds %s', (_what, harm, line) => {
    const after = structuredClone(BASELINE);
    harm(after);
    expect(breakingChanges(BASELINE, after).join('\n')).toContain(line);
  });

  it.each<[string, (d: Anything) => void]>([
    ['nothing', () => undefined],
    [
      'a new operation',
      (d) => (d.paths['/v1/lamps'].delete = { responses: { '204': { description: 'Gone.' } } }),
    ],
    [
      'a new property of an answer',
      (d) => {
        d.components.schemas.Lamp.properties.tone = { type: 'string' };
        d.components.schemas.Lamp.required.push('tone');
      },
    ],
    ['a new optional field', (d) => (d.components.schemas.NewLamp.properties.socket = { type: 'string' })],
    ['a wider limit', (d) => (d.components.schemas.NewLamp.properties.watts.maximum = 500)],
    ['words', (d) => (d.paths['/v1/lamps'].get.summary = 'Lists lamps.')],
    ['one more error', (d) => (d.paths['/v1/lamps'].post.responses['409'] = { description: 'Taken.' })],
    ['one error less', (d) => delete d.paths['/v1/lamps'].get.responses['429']],
  ])('lets pass %s', (_what, change) => {
    const after: Document = structuredClone(BASELINE);
    change(after);
    expect(breakingChanges(BASELINE, after)).toEqual([]);
  });
});

describe('documentDrift', () => {
  it('points at what differs', () => {
    const committed = { paths: { '/v1/a': { get: { summary: 'Old.' } }, '/v1/b': {} }, same: [1] };
    const made = { paths: { '/v1/a': { get: { summary: 'New.' } }, '/v1/c': {} }, same: [1] };
    expect(documentDrift(committed, made)).toEqual([
      '~ /paths/~1v1~1a/get/summary "Old." → "New."',
      '- /paths/~1v1~1b {}',
      '+ /paths/~1v1~1c {}',
    ]);
  });

  it('stops before it floods the screen', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, index]));
    expect(documentDrift({}, many, 5)).toHaveLength(6);
    expect(documentDrift({}, many, 5).at(-1)).toBe('… and 25 more');
  });

  it('says so when only the order differs', () => {
    expect(documentDrift({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual(['Only the layout or the order differs.']);
  });
});

import { anApp, type TestApp } from '../support/app.js';

describe('A method that a path does not take', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await anApp();
  });
  afterAll(() => app.close());

  it.each([
    ['DELETE', '/v1/agents', 'GET, HEAD'],
    ['PUT', '/v1/agents/me', 'GET, HEAD, PATCH'],
    ['GET', '/v1/points/transfer', 'POST'],
    ['OPTIONS', '/v1/agents/register', 'GET, HEAD, POST'],
  ])('%s %s is refused, and told to use %s', async (method, path, allowed) => {
    const refused = await app.api.send(method, path, {});
    expect([refused.status, refused.body.error]).toEqual([405, 'method_not_allowed']);
    expect(refused.headers.get('allow')).toBe(allowed);
    expect(refused.body.allowed).toEqual(allowed.split(', '));
  });

  it('is no matter where nothing lies', async () => {
    const absent = await app.api.send('DELETE', '/v1/nothing', {});
    expect([absent.status, absent.body.error]).toEqual([404, 'route_not_found']);
    expect(absent.headers.get('allow')).toBeNull();
  });
});

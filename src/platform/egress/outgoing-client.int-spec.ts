import { Readable } from 'node:stream';
import { aReceiver, ended, tidyUp, whenDone } from '#test/support/receivers';
import { OutgoingClient, type OutgoingClientOptions } from './outgoing-client.js';

const PUBLIC = '93.184.216.34';
const METADATA = '169.254.169.254';

afterEach(tidyUp);

describe('what an answer is', () => {
  it('delivers to a host name, with method, headers and body, and reads the answer', async () => {
    const { port, requests } = await aReceiver((request, response) => {
      response.writeHead(202, { 'x-kind': ['a', 'b'] }).end('tâche');
    });
    const answer = await aClient().send({
      url: `http://hooks.example:${port}/in?key=1#part`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(answer).toMatchObject({ status: 202, body: 'tâche', ms: expect.any(Number) });
    expect(answer.headers['x-kind']).toBe('a, b');
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/in?key=1',
        host: `hooks.example:${port}`,
        type: 'application/json',
        body: '{"a":1}',
      },
    ]);
  });

  it.each([204, 404, 410, 500, 503])('gives %s back as it came', async (status) => {
    const { port } = await aReceiver((_, response) => response.writeHead(status).end());
    expect(await aClient().send(get(port))).toMatchObject({ status, body: '' });
  });

  it('does not follow a redirect to a metadata address, or to anywhere', async () => {
    const target = await aReceiver((_, response) => response.end('followed'));
    const toMetadata = await aRedirect(`http://${METADATA}/latest/meta-data`);
    const toNeighbour = await aRedirect(`http://127.0.0.1:${target.port}/`);
    const client = aClient();
    expect(await client.send(get(toMetadata.port))).toMatchObject({ status: 307, body: '' });
    expect(await client.send(get(toNeighbour.port))).toMatchObject({ status: 307, body: '' });
    expect(target.requests).toHaveLength(0);
  });

  it('keeps the first 64 KB of 10 MB and ends the connection', async () => {
    let written = 0;
    const { port, connections } = await aReceiver((_, response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const tenMegabytes = new Readable({ read: () => tenMegabytes.push(written++ < 160 ? chunk : null) });
      tenMegabytes.pipe(response);
    });
    const answer = await aClient().send(get(port));
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('x'.repeat(65_536));
    await ended(connections[0]!);
    expect(written).toBeLessThan(160);
  });

  it('cuts between characters', async () => {
    const { port } = await aReceiver((_, response) => response.end('ää'));
    expect((await aClient().send({ ...get(port), maxBytes: 3 })).body).toBe('ä');
    expect((await aClient().send({ ...get(port), maxBytes: 4 })).body).toBe('ää');
  });

  it('uses connections again', async () => {
    const { port, connections } = await aReceiver((_, response) => response.end('ok'));
    const client = aClient();
    for (let i = 0; i < 20; i++) await client.send(get(port));
    expect(connections.length).toBeLessThan(20);
  });

  it('asks no proxy', async () => {
    const proxy = await aReceiver((_, response) => response.end('proxied'));
    const { port } = await aReceiver((_, response) => response.end('direct'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']) {
      setEnv(name, name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`);
    }
    expect((await aClient().send(get(port))).body).toBe('direct');
    expect(proxy.requests).toHaveLength(0);
  });
});

describe('what is refused', () => {
  it.each([
    ['one private', ['127.0.0.1']],
    ['public, then private', [PUBLIC, '127.0.0.1']],
    ['private, then public', ['127.0.0.1', PUBLIC]],
    ['public IPv4, private IPv6', [PUBLIC, '::1']],
    ['IPv4-mapped', ['::ffff:127.0.0.1']],
    ['metadata', [METADATA]],
    ['not an address', ['localhost']],
  ])('a name that resolves to addresses of which not all are public: %s', async (_, ips) => {
    const { port, connections } = await aReceiver((__, response) => response.end());
    const client = aClient({ allowPrivate: false, resolve: async () => ips });
    await expect(client.send(get(port, 'https'))).rejects.toMatchObject({
      class: 'refused_address',
      permanent: true,
    });
    expect(connections).toHaveLength(0);
  });

  it('a name that resolves to another address the second time', async () => {
    const answers = [['127.0.0.1'], [METADATA]];
    const { port, requests } = await aReceiver((_, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const client = aClient({ resolve: async () => answers.shift()! });
    expect((await client.send(get(port))).status).toBe(200);
    await expect(client.send(get(port))).rejects.toMatchObject({ class: 'refused_address' });
    expect(requests).toHaveLength(1);
    expect(answers).toHaveLength(0);
  });

  it('a second look at the name between check and connection: there is none', async () => {
    let asked = 0;
    const { port } = await aReceiver((_, response) => response.end('checked'));
    const client = aClient({ resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : [METADATA]) });
    expect((await client.send(get(port))).body).toBe('checked');
    expect(asked).toBe(1);
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'the literal address %s, before anything is connected',
    async (host) => {
      const { port, connections } = await aReceiver((_, response) => response.end());
      const request = { url: `https://${host}:${port}/`, method: 'GET' } as const;
      const client = aClient({ allowPrivate: false });
      await expect(client.send(request)).rejects.toMatchObject({ class: 'refused_address', permanent: true });
      expect(connections).toHaveLength(0);
    },
  );

  it.each(['127.0.0.1', 'hooks.example', 'localhost'])('our own port, as %s', async (host) => {
    const { port, connections } = await aReceiver((_, response) => response.end());
    const client = aClient({ ownPorts: () => [port] });
    const sent = client.send({ url: `http://${host}:${port}/`, method: 'GET' });
    await expect(sent).rejects.toMatchObject({ class: 'refused_address', permanent: true });
    expect(connections).toHaveLength(0);
  });

  it('the address of one of our own network interfaces', async () => {
    const client = aClient({
      allowPrivate: false,
      resolve: async () => [PUBLIC],
      ownAddresses: () => [PUBLIC],
    });
    await expect(client.send(get(443, 'https'))).rejects.toMatchObject({ class: 'refused_address' });
  });

  it.each(['http://hooks.example/', 'https://me@hooks.example/', 'https://hooks.example:22/', 'nonsense'])(
    '%s, as a bad URL',
    async (url) => {
      const client = aClient({ allowPrivate: false });
      await expect(client.send({ url, method: 'GET' })).rejects.toMatchObject({
        class: 'bad_url',
        permanent: true,
      });
    },
  );
});

const aRedirect = (location: string) =>
  aReceiver((_, response) => response.writeHead(307, { location }).end());

function aClient(options: Partial<OutgoingClientOptions> = {}): OutgoingClient {
  const client = new OutgoingClient({
    allowPrivate: true,
    ownPorts: () => [],
    resolve: async () => ['127.0.0.1'],
    ...options,
  });
  whenDone(() => client.close());
  return client;
}

const get = (port: number, scheme = 'http') =>
  ({ url: `${scheme}://hooks.example:${port}/`, method: 'GET' }) as const;

function setEnv(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  whenDone(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

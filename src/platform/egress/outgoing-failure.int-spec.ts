import { createServer as createTcpServer } from 'node:net';
import { aReceiver, aTlsReceiver, ended, listening, tidyUp, whenDone } from '#test/support/receivers';
import { OutgoingClient, type OutgoingClientOptions } from './outgoing-client.js';
import { OutgoingFailure } from './outgoing-failure.js';

afterEach(tidyUp);

describe('what fails', () => {
  it('a server that trickles is cut at the limit, however many bytes still come', async () => {
    const { port, connections } = await aReceiver((_, response) => {
      const trickle = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(trickle));
    });
    const sent = aClient().send({ ...get(port), timeoutMs: 300 });
    await expect(sent).rejects.toMatchObject({ class: 'timeout', permanent: false });
    await ended(connections[0]!);
  });

  it('a server that never answers', async () => {
    const { port, connections } = await aReceiver(() => undefined);
    await expect(aClient().send({ ...get(port), timeoutMs: 200 })).rejects.toMatchObject({
      class: 'timeout',
    });
    await ended(connections[0]!);
  });

  it('a name server that never answers, while no connection exists yet', async () => {
    const client = aClient({ resolve: () => new Promise(() => undefined) });
    await expect(client.send({ ...get(8080), timeoutMs: 200 })).rejects.toMatchObject({ class: 'timeout' });
  });

  it('a connection that is not there within three seconds of the ten', async () => {
    const client = aClient({ resolve: () => new Promise(() => undefined) });
    await expect(client.send(get(8080))).rejects.toMatchObject({ class: 'connect', permanent: false });
  });

  it('a caller that gives up, before and during', async () => {
    const { port, connections } = await aReceiver(() => undefined);
    const client = aClient();
    await expect(client.send({ ...get(port), signal: AbortSignal.abort() })).rejects.toMatchObject({
      class: 'aborted',
    });
    expect(connections).toHaveLength(0);
    const caller = new AbortController();
    const sent = client.send({ ...get(port), signal: caller.signal });
    setTimeout(() => caller.abort(), 100);
    await expect(sent).rejects.toMatchObject({ class: 'aborted', permanent: false });
  });

  it('a server that resets the connection, before the answer and within it', async () => {
    const before = await aReceiver((request) => request.socket.resetAndDestroy());
    const within = await aReceiver((request, response) => {
      response
        .writeHead(200, { 'content-length': '100' })
        .write('half', () => request.socket.resetAndDestroy());
    });
    const client = aClient();
    await expect(client.send(get(before.port))).rejects.toMatchObject({ class: 'reset', permanent: false });
    await expect(client.send(get(within.port))).rejects.toMatchObject({ class: 'reset' });
  });

  it('a server that is not there, or speaks something else, or has too much to say in its header', async () => {
    const gone = await aReceiver(() => undefined);
    await gone.close();
    const strange = await listening(createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n')));
    const verbose = await aReceiver((_, response) =>
      response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(),
    );
    const client = aClient();
    await expect(client.send(get(gone.port))).rejects.toMatchObject({ class: 'connect', permanent: false });
    await expect(client.send(get(strange.port))).rejects.toMatchObject({ class: 'protocol' });
    await expect(client.send(get(verbose.port))).rejects.toMatchObject({ class: 'too_large' });
  });

  it('a name that does not exist, and one without addresses', async () => {
    const failure = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    const unknown = aClient({ resolve: () => Promise.reject(failure) });
    const empty = aClient({ resolve: async () => [] });
    await expect(unknown.send(get(8080))).rejects.toMatchObject({
      class: 'dns',
      permanent: false,
      cause: failure,
    });
    await expect(empty.send(get(8080))).rejects.toMatchObject({ class: 'dns' });
  });

  it('closing ends what is under way and refuses what comes later', async () => {
    const client = aClient();
    const { port } = await aReceiver(() => client.close());
    await expect(client.send(get(port))).rejects.toMatchObject({ class: 'closed', permanent: false });
    await expect(client.send(get(port))).rejects.toMatchObject({ class: 'closed' });
    await client.close();
  });

  it('says nothing of the addresses behind a name', async () => {
    const client = aClient({ allowPrivate: false, resolve: async () => ['10.20.30.40'] });
    const failure = await client.send(get(443, 'https')).catch((error: OutgoingFailure) => error);
    expect(failure).toBeInstanceOf(OutgoingFailure);
    expect((failure as OutgoingFailure).message).not.toContain('10.20.30.40');
  });
});

describe('TLS', () => {
  it('trusts a certificate for this host from a known authority', async () => {
    const { port } = await aTlsReceiver({ cert: CERTIFICATE, key: KEY }, (_, response) =>
      response.end('secret'),
    );
    expect((await aClient({ ca: CERTIFICATE }).send(get(port, 'https'))).body).toBe('secret');
  });

  it('refuses an unknown authority, another host and no TLS at all', async () => {
    const { port, requests } = await aTlsReceiver({ cert: CERTIFICATE, key: KEY }, (_, response) =>
      response.end('secret'),
    );
    const plain = await aReceiver((_, response) => response.end());
    const trusting = aClient({ ca: CERTIFICATE });
    const elsewhere = { url: `https://other.example:${port}/`, method: 'GET' } as const;
    await expect(aClient().send(get(port, 'https'))).rejects.toMatchObject({
      class: 'tls',
      permanent: false,
    });
    await expect(trusting.send(elsewhere)).rejects.toMatchObject({ class: 'tls' });
    await expect(trusting.send(get(plain.port, 'https'))).rejects.toMatchObject({ class: 'tls' });
    expect(requests).toHaveLength(0);
  });
});

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

/** For hooks.example, until 2120, signed by itself: trusted by nobody but these tests. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBbTCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1ob29rcy5l
eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1ob29rcy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFRSl
C9aCq1KOv9BYiZ7OlaI/z8MnimQa1wNApg1tZk/N7Y8qq0ChEaLd04Nu8glDgusb
Csb/Fcv/qhfPR03IPKNMMEowGAYDVR0RBBEwD4INaG9va3MuZXhhbXBsZTAPBgNV
HRMBAf8EBTADAQH/MB0GA1UdDgQWBBRCchcasg+hZKCbN9dBVWI2PVbeTTAKBggq
hkjOPQQDAgNIADBFAiATwVUkMVR/OkwMqF4pCUuk4mTEzdkTkZVl5wVysOFHPgIh
AMNgm1nkowKQqAxGtDOKZmtkCUz43HtDZ4qEdBH83RUg
-----END CERTIFICATE-----`;

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNu/O7hBIzSUVIwHS
y23PUyQxiEJVdQeEjtWLwER/WXShRANCAAQVFKUL1oKrUo6/0FiJns6Voj/PwyeK
ZBrXA0CmDW1mT83tjyqrQKERot3Tg27yCUOC6xsKxv8Vy/+qF89HTcg8
-----END PRIVATE KEY-----`;

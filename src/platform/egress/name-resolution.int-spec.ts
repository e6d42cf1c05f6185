import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { tidyUp, whenDone } from '#test/support/receivers';
import { checkedLookup } from './checked-lookup.js';
import { askNameServers, askOperatingSystem } from './name-resolution.js';

afterEach(tidyUp);

describe('name resolution', () => {
  it('asks name servers for both families and takes what one of them gives', async () => {
    const server = await aNameServer({ 1: Buffer.of(93, 184, 216, 34) });
    expect(await askNameServers([server])('hooks.example')).toEqual(['93.184.216.34']);
  });

  it('fails when the name server knows no such name', async () => {
    const server = await aNameServer({});
    await expect(askNameServers([server])('hooks.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('knows the names of this machine through the operating system', async () => {
    const addresses = await askOperatingSystem('localhost');
    expect(['127.0.0.1', '::1']).toEqual(expect.arrayContaining([...addresses]));
  });
});

describe('checkedLookup', () => {
  const lookup = checkedLookup(
    async () => ['127.0.0.1', '::1'],
    () => true,
  );
  const ask = (options: Parameters<typeof lookup>[1]) =>
    new Promise((resolve) => lookup('hooks.example', options, (...answer) => resolve(answer)));

  it('answers in the form that the socket asks for', async () => {
    const [v4, v6] = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    expect(await ask({ all: true })).toEqual([null, [v4, v6]]);
    expect(await ask({ all: true, family: 6 })).toEqual([null, [v6]]);
    expect(await ask({})).toEqual([null, '127.0.0.1', 4]);
    expect(await ask({ family: 6 })).toEqual([null, '::1', 6]);
    expect(await ask({ family: 'IPv6' })).toEqual([null, '::1', 6]);
  });
});

/** A name server that answers every question with the record of that type, or that the name does not exist. */
async function aNameServer(records: Readonly<Record<number, Buffer>>): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const record = records[question.readUInt16BE(question.length - 4)];
    const known = Object.keys(records).length > 0;
    const header = Buffer.from([
      query[0]!,
      query[1]!,
      0x81,
      known ? 0x80 : 0x83,
      0,
      1,
      0,
      record ? 1 : 0,
      0,
      0,
      0,
      0,
    ]);
    const answer =
      record && Buffer.concat([Buffer.of(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, record.length), record]);
    socket.send(Buffer.concat([header, question, answer ?? Buffer.alloc(0)]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  whenDone(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

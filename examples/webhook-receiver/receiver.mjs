// A webhook receiver without dependencies: node receiver.mjs, with the secret in WEBHOOK_SECRET.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const PORT = Number(process.env.PORT ?? 4000);
const BODY_MAX = 1_000_000;
const FIVE_MINUTES = 300;
/** During a rotation both, separated by a comma. */
const secrets = (process.env.WEBHOOK_SECRET ?? '').split(',').filter(Boolean);
/** A real receiver keeps these in its database, with what it did, in one transaction. */
const handled = new Set();

createServer((request, response) => {
  hear(request, response).catch(() => response.destroy());
}).listen(PORT, '127.0.0.1', function () {
  console.log(`Webhooks are welcome at http://127.0.0.1:${this.address().port}/`);
});

async function hear(request, response) {
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end();
  const body = await rawBody(request);
  if (body === undefined) return response.writeHead(413).end();
  if (!isAuthentic(request.headers, body)) return response.writeHead(401).end('The signature is wrong.\n');
  // First the answer, then the work: whoever sends waits ten seconds at most.
  response.writeHead(204).end();
  const event = JSON.parse(body);
  if (handled.has(event.id)) return;
  handled.add(event.id);
  act(event);
}

/** What the agent does about it. `data.untrusted` names the texts in it that strangers wrote. */
function act({ event, seq, data }) {
  console.log(`${seq ?? '-'} ${event} ${JSON.stringify(data)}`);
}

async function rawBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function isAuthentic(headers, body) {
  const stamp = headers['webhook-timestamp'];
  if (!(Math.abs(Date.now() / 1000 - Number(stamp)) <= FIVE_MINUTES)) return false;
  const text = `${headers['webhook-id']}.${stamp}.${body}`;
  const given = String(headers['webhook-signature'] ?? '').split(' ');
  return secrets.some((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
    return given.some(
      (one) => one.length === expected.length && timingSafeEqual(Buffer.from(one), Buffer.from(expected)),
    );
  });
}

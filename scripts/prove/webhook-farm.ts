import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a receiver treats everything that it gets. */
export const MANNERS = ['well', 'fails', 'hangs', 'resets', 'trickles'] as const;
export type Manner = (typeof MANNERS)[number];

/** Of twenty receivers: 60 % well, 20 % fail, 10 % hang, 5 % reset, 5 % trickle. */
const OF_TWENTY: readonly Manner[] = [
  ...Array<Manner>(12).fill('well'),
  ...Array<Manner>(4).fill('fails'),
  ...Array<Manner>(2).fill('hangs'),
  'resets',
  'trickles',
];

interface Receipt {
  body: string;
  at: number;
}

/** One receiver and everything it ever got, by the id of the event. */
export class FarmReceiver {
  readonly receipts = new Map<string, Receipt[]>();
  secret = '';
  /** From then on it says at once that it fails, instead of keeping the sender waiting. */
  isQuick = false;

  constructor(
    readonly manner: Manner,
    readonly url: string,
  ) {}

  note(id: string, body: string): void {
    const receipts = this.receipts.get(id) ?? [];
    receipts.push({ body, at: Date.now() });
    this.receipts.set(id, receipts);
  }

  /** What must never be: other bytes under the same id, or a signature that does not fit. */
  faults(): string[] {
    return [...this.receipts].flatMap(([id, receipts]) => {
      const bodies = new Set(receipts.map(({ body }) => body));
      if (bodies.size > 1) return [`${id} came with ${bodies.size} different bodies`];
      const { signature, ...rest } = JSON.parse([...bodies][0]!) as Record<string, unknown>;
      const expected = createHmac('sha256', this.secret).update(JSON.stringify(rest)).digest('hex');
      return signature === `sha256=${expected}` ? [] : [`${id} is signed wrongly`];
    });
  }

  /** From the event to its first arrival. */
  delaysMs(): number[] {
    return [...this.receipts.values()].map(([first]) => {
      const { timestamp } = JSON.parse(first!.body) as { timestamp: string };
      return first!.at - Date.parse(timestamp);
    });
  }
}

/** Receivers of all manners, each on a port of its own, as hosts of their own would be. */
export async function aFarm(count: number): Promise<{ receivers: FarmReceiver[]; close: () => void }> {
  const servers: Server[] = [];
  const receivers: FarmReceiver[] = [];
  for (let i = 0; i < count; i++) {
    const server = createServer((request, response) => void hear(receivers[i]!, request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    servers.push(server);
    receivers.push(new FarmReceiver(OF_TWENTY[i % 20]!, `http://127.0.0.1:${port}/`));
  }
  const close = (): void => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
  return { receivers, close };
}

async function hear(
  receiver: FarmReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // A sender that is killed leaves half a request, which nobody has received.
    return;
  }
  receiver.note(String(request.headers['webhook-id']), Buffer.concat(chunks).toString());
  if (receiver.isQuick && receiver.manner !== 'well') return void response.writeHead(500).end();
  switch (receiver.manner) {
    case 'well':
      return void response.writeHead(204).end();
    case 'fails':
      return void response.writeHead(500).end();
    case 'resets':
      return void request.socket.resetAndDestroy();
    case 'trickles':
      return trickle(response);
    case 'hangs':
      return undefined;
  }
}

/** A byte a second, so that no pause between two bytes is ever long. */
function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '1000000' });
  const timer = setInterval(() => response.write('.'), 1_000);
  response.on('close', () => clearInterval(timer));
  response.on('error', () => clearInterval(timer));
}

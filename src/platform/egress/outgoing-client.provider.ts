import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:net';
import { Settings } from '#config/settings';
import { OutgoingClient } from './outgoing-client.js';

/** One client for all addresses that users name, so that one place says what may be reached. */
export const outgoingClientProvider = {
  provide: OutgoingClient,
  useFactory: (settings: Settings, http: HttpAdapterHost) => {
    const configured = [settings.env.PORT, ...portsOf(settings)];
    return new OutgoingClient({
      allowPrivate: settings.privateWebhooks,
      ownPorts: () => [...configured, ...listeningPort(http)],
    });
  },
  inject: [Settings, HttpAdapterHost],
};

/** Of the database and the queue, which on a laptop lie on the same machine as the receivers. */
const portsOf = ({ databaseUrl, databaseOwnerUrl, env }: Settings): number[] =>
  [databaseUrl, databaseOwnerUrl, env.DATABASE_READ_URL, env.REDIS_URL]
    .filter((url) => url !== undefined)
    .map((url) => Number(new URL(url).port || (url.startsWith('redis') ? 6379 : 5432)));

/** A port of 0 is a real one only once the server listens. */
function listeningPort({ httpAdapter }: HttpAdapterHost): number[] {
  const server = httpAdapter?.getHttpServer() as Server | undefined;
  const address = server?.address();
  return typeof address === 'object' && address !== null ? [address.port] : [];
}

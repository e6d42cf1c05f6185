// Plain JavaScript, because a forked process runs it as it is; its types are those of nobody.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */
import { connect } from 'node:net';

/**
 * Sends prepared bytes over a connection of its own when it is told to, and tells what came back. It is a process of its
 * own so that what sending costs is not counted as the server's.
 */
/** @type {Buffer} */
let prepared = Buffer.alloc(0);

process.on('message', (/** @type {{ bytes?: Buffer, port?: number }} */ message) => {
  if (message.bytes) {
    prepared = message.bytes;
    process.send('ready');
    return;
  }
  /** @type {Buffer[]} */
  const received = [];
  const socket = connect(message.port, '127.0.0.1');
  socket.on('data', (data) => received.push(data));
  // It may close while we are still sending what it does not want.
  socket.on('error', () => {});
  socket.on('close', () => process.send(Buffer.concat(received).toString('latin1').slice(0, 12)));
  socket.write(prepared);
});

export { isPublicAddress } from './address-rules.js';
export { checkNamedAddress, hostOf } from './named-address.js';
export { outgoingClientProvider } from './outgoing-client.provider.js';
export { OutgoingClient, type OutgoingResponse } from './outgoing-client.js';
export { OutgoingFailure } from './outgoing-failure.js';

import { DomainError } from '#kernel/errors/domain-error';

export const STREAMS_MAX = 8;

export class TooManyStreams extends DomainError {
  static override readonly kind = 'too_many';
  static override readonly hint =
    'Close a stream that you no longer read, or read by pages with ?wait instead of a stream.';

  constructor() {
    super(`At most ${STREAMS_MAX} streams may be open at once.`);
  }

  override get retryAfterS(): number {
    return 15;
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-http-bearer';
import type { OperatorIdentity } from '#kernel/caller';
import { OperatorKeys } from './operator-keys.js';

export const OPERATOR_STRATEGY = 'operator-bearer';

@Injectable()
export class OperatorStrategy extends PassportStrategy(Strategy, OPERATOR_STRATEGY) {
  constructor(private readonly keys: OperatorKeys) {
    super();
  }

  /** The library also takes a key from the query or the body; addresses end up in logs and histories. */
  override authenticate({ headers }: Request): void {
    super.authenticate({ headers } as Request);
  }

  async validate(token: string): Promise<OperatorIdentity | false> {
    return (await this.keys.identify(token)) ?? false;
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-http-bearer';
import type { OperatorIdentity } from '../http/caller.js';
import { OperatorKeys } from './operator-keys.js';

export const OPERATOR_STRATEGY = 'operator-bearer';

@Injectable()
export class OperatorStrategy extends PassportStrategy(Strategy, OPERATOR_STRATEGY) {
  constructor(private readonly keys: OperatorKeys) {
    super();
  }

  async validate(token: string): Promise<OperatorIdentity | false> {
    return (await this.keys.identify(token)) ?? false;
  }
}

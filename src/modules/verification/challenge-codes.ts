import { Injectable } from '@nestjs/common';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Settings } from '#config/settings';
import { challengeCode, type Challenge } from './domain/challenge.js';

/**
 * The codes that agents post: 32 bits of chance, and good for one agent alone. A plain hash of so little could be
 * tried out by whoever reads the table, so it is keyed with the server's pepper.
 */
@Injectable()
export class ChallengeCodes {
  constructor(private readonly settings: Settings) {}

  fresh(): string {
    return challengeCode(randomBytes(4));
  }

  hash(agentId: string, code: string): Buffer {
    const text = `challenge:${agentId}:${code}`;
    return createHmac('sha256', this.settings.keys.apiKeyPepper).update(text).digest();
  }

  isCodeOf({ agentId, codeHash }: Challenge, candidate: string): boolean {
    return timingSafeEqual(this.hash(agentId, candidate), codeHash);
  }
}

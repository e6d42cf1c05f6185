import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sha256 } from './sha256.js';

/**
 * Encrypts what must be shown or used again, such as the secret of a webhook. AES-256-GCM, laid out as version (1 byte),
 * nonce (12), tag (16), ciphertext.
 */
@Injectable()
export class Sealer {
  private readonly key: Buffer;

  constructor(secret: string) {
    if (secret.length < SECRET_LENGTH_MIN) {
      throw new Error(`The encryption key needs at least ${SECRET_LENGTH_MIN} characters.`);
    }
    this.key = expand(secret, '', 'sealing v1');
  }

  /** `context` says whose it is (`webhook_secret:agt_…`): sealed bytes copied into another row do not open there. */
  seal(plaintext: string, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(context));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext]);
  }

  /** Throws `Unreadable` when the key, the context or a single bit is not what it was. */
  open(sealed: Buffer, context: string): string {
    if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new Unreadable();
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(context));
    decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    } catch (error) {
      throw new Unreadable({ cause: error });
    }
  }

  /** A sealer whose key needs both secrets: what it seals opens for nobody who lacks the other one. */
  derive(extra: string): Sealer {
    const salt = sha256(extra);
    return new Sealer(expand(this.key, salt, 'derived v1').toString('base64'));
  }
}

/** The bytes were sealed with another key, for another context, or have been changed. */
export class Unreadable extends Error {
  constructor(options?: ErrorOptions) {
    super('The sealed value cannot be opened.', options);
    this.name = 'Unreadable';
  }
}

const CIPHER = 'aes-256-gcm';
const SECRET_LENGTH_MIN = 32;
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

const expand = (secret: string | Buffer, salt: string | Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32));

const boundTo = (context: string): Buffer =>
  Buffer.concat([Buffer.of(VERSION), Buffer.from(context, 'utf8')]);

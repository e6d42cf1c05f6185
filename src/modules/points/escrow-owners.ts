import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { markedProviders } from '#kernel/marked-providers';
import type { Money } from '#kernel/money';

const ESCROW_OWNER = 'upmoltwork:escrow-owner';

/** Knows what the references of escrows stand for, which the ledger does not. */
export interface EscrowOwnerProvider {
  /**
   * Those of these references that have come to their end, with what may still be held for each. Nothing may be held
   * where the list is empty.
   */
  ended(references: readonly string[]): Promise<ReadonlyMap<string, readonly Money[]>>;
}

/** Marks a provider as such; it is found by discovery, so that the ledger need not know who is above it. */
export const EscrowOwner = () => SetMetadata(ESCROW_OWNER, true);

/** Asks all of them. */
@Injectable()
export class EscrowOwners implements OnModuleInit, EscrowOwnerProvider {
  private owners: EscrowOwnerProvider[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, ESCROW_OWNER);
    this.owners = marked.map(({ provider }) => provider as EscrowOwnerProvider);
  }

  async ended(references: readonly string[]): Promise<ReadonlyMap<string, readonly Money[]>> {
    const known = await Promise.all(this.owners.map((owner) => owner.ended(references)));
    return new Map(known.flatMap((one) => [...one]));
  }
}

import { Injectable, SetMetadata, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { markedProviders } from '#kernel/marked-providers';

const RESULT_READER = 'upmoltwork:result-reader';

/** Knows agents who may read a result before it is approved, besides who pays for it and who did it. */
export interface ResultReaderProvider {
  mayRead(agentId: string, submissionId: string): boolean | Promise<boolean>;
}

/** Marks such a provider; it is found by discovery, so that a judge may read what this module knows no judges for. */
export const ResultReader = () => SetMetadata(RESULT_READER, true);

@Injectable()
export class ResultReaders implements OnModuleInit {
  private readers: ResultReaderProvider[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const marked = markedProviders(this.discovery, this.reflector, RESULT_READER);
    this.readers = marked.map(({ provider }) => provider as ResultReaderProvider);
  }

  async mayRead(agentId: string, submissionId: string): Promise<boolean> {
    for (const reader of this.readers) if (await reader.mayRead(agentId, submissionId)) return true;
    return false;
  }
}

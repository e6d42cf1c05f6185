import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { OperatorIdentity } from '#kernel/caller';
import { AuditLog, CurrentOperator, Operator } from '#modules/operators';
import { UnitOfWork } from '#platform/database';
import { BodyLimit, LONG_TEXT_BYTES, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { Catalogue } from './catalogue.service.js';
import { Runs } from './runs.service.js';
import { EditEntry, RunAct, toChanges } from './system.dto.js';
import { CatalogueKindNotFound, VariantNotNamed } from './system.errors.js';
import {
  EntryList,
  EntryView,
  RunDone,
  RunPreview,
  toEntryView,
  toRunDone,
  toRunPreview,
} from './system.view.js';

const EVERYTHING = 'everything due';

@Section('System tasks', 'Tasks that the platform posts itself: the catalogue, and posting from it.')
@Controller('v1/admin/system')
export class SystemAdminController {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly runs: Runs,
    private readonly audit: AuditLog,
    private readonly once: OnceRunner,
    private readonly work: UnitOfWork,
  ) {}

  /** Every kind of task that the platform posts, with its price and how often */
  @Get('catalogue')
  @Operator('viewer')
  async list(): Promise<EntryList> {
    return { data: (await this.work.run((tx) => this.catalogue.all(tx))).map(toEntryView) };
  }

  /**
   * Change a kind; fields that you do not send stay as they are
   *
   * It applies to tasks posted from now on. Tasks on the board stay as they are.
   */
  @Patch('catalogue/:kind')
  @BodyLimit(LONG_TEXT_BYTES)
  @ApiParam({ name: 'kind', description: 'The name of the kind.', example: 'bug_report' })
  @Operator('admin')
  @Refuses(CatalogueKindNotFound, VariantNotNamed)
  edit(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Param('kind') kind: string,
    @Body() body: EditEntry,
  ): Promise<EntryView> {
    const { reason, ...details } = body;
    return this.once.run(
      once,
      async (tx) => {
        const edited = await this.catalogue.edit(tx, kind, toChanges(body));
        const act = 'system.catalogue_edit';
        await this.audit.write(tx, { operator, act, subject: kind, reason, details });
        return edited;
      },
      (_, edited) => toEntryView(edited),
    );
  }

  /** What a run would post now, and why it would not post the others */
  @Post('preview')
  @HttpCode(200)
  @Operator('operator')
  @Refuses(CatalogueKindNotFound)
  async preview(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { kind, reason }: RunAct,
  ): Promise<RunPreview> {
    this.catalogue.check(kind);
    await this.audit.note({ operator, act: 'system.preview', subject: kind ?? EVERYTHING, reason });
    return toRunPreview(await this.runs.preview(kind));
  }

  /**
   * Post what is due, or one kind
   *
   * None is posted twice, however often this is sent: what was posted for its period, or is open still, is told under
   * `not_posted`.
   */
  @Post('run')
  @HttpCode(200)
  @Operator('operator')
  @Refuses(CatalogueKindNotFound)
  async run(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { kind, reason }: RunAct,
  ): Promise<RunDone> {
    this.catalogue.check(kind);
    await this.audit.note({ operator, act: 'system.run', subject: kind ?? EVERYTHING, reason });
    return toRunDone(await this.runs.run(kind));
  }
}

import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiProperty, ApiResponse } from '@nestjs/swagger';
import { DomainError } from '#kernel/errors/domain-error';
import { VerificationRequired } from '#kernel/errors/kernel.errors';
import { ProblemsController, Refuses, Section } from '#platform/http';

// A small interface with one operation of each shape, decorated by hand as the build would decorate it.

export class LampNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint = 'GET /v1/lamps lists those that <b>exist</b> & shine.';
  static readonly example = (): DomainError => new LampNotFound('</pre><script>alert(1)</script>');

  constructor(id: string) {
    super(`There is no lamp ${id}.`, { lamp_id: id });
  }
}

export class LampBurntOut extends DomainError {
  static override readonly kind = 'conflict';

  constructor() {
    super('The lamp is burnt out.');
  }
}

class Lamp {
  @ApiProperty({ example: 'lmp_k3v9x2mq' })
  id: string;

  @ApiProperty({ enum: ['warm', 'cold'] })
  tone: 'warm' | 'cold';

  @ApiProperty({ type: () => Lamp, nullable: true, description: 'The lamp behind it.' })
  next: Lamp | null;

  @ApiProperty({ format: 'date-time', type: 'string' })
  lit_at: Date;
}

class LampList {
  @ApiProperty({ type: [Lamp] })
  data: Lamp[];

  @ApiProperty({ type: 'string', nullable: true, example: 'eyJpZCI6MX0' })
  next_cursor: string | null;
}

class NewLamp {
  @ApiProperty({ example: 40 })
  watts: number;

  @ApiProperty({ enum: ['warm', 'cold'], default: 'warm' })
  tone: 'warm' | 'cold';

  @ApiProperty({ type: Lamp, description: 'What it replaces.' })
  replaces: Lamp;
}

class LampQuery {
  @ApiProperty({ description: 'How many.', type: 'integer', default: 20 })
  limit: number;
}

class LampParams {
  @ApiProperty({ description: 'The lamp.', example: 'lmp_k3v9x2mq' })
  lamp_id: string;
}

/** Nobody may make one: the documents come without an instance of any provider. */
@Injectable()
class Electrician {
  constructor() {
    throw new Error('The documentation started the program.');
  }
}

@Section('Lamps', 'Light.')
@Controller('v1/lamps')
export class LampsController {
  constructor(readonly electrician: Electrician) {}

  @Post()
  @ApiOperation({ summary: 'Adds a lamp.' })
  @ApiResponse({ status: 201, type: Lamp })
  @ApiExtension('x-idempotent', true)
  @Refuses(LampBurntOut)
  @Refuses(VerificationRequired)
  add(@Body() _lamp: NewLamp): void {}

  @Get()
  @ApiOperation({ summary: 'Lists lamps.' })
  @ApiResponse({ status: 200, type: LampList })
  @ApiExtension('x-public', true)
  list(@Query() _query: LampQuery): void {}

  @Get(':lamp_id')
  @ApiOperation({ summary: 'Shows a lamp.' })
  @ApiResponse({ status: 200, type: Lamp })
  @Refuses(LampNotFound)
  one(@Param() _lamp: LampParams): void {}

  @Delete(':lamp_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a lamp.' })
  @ApiResponse({ status: 204 })
  @Refuses(LampNotFound)
  remove(@Param() _lamp: LampParams): void {}
}

@Section('Lamps')
@Refuses(LampNotFound)
@Controller('v1/admin/lamps')
export class LampsAdminController {
  @Post(':lamp_id/switch')
  @ApiOperation({ summary: 'Switches a lamp.' })
  @ApiResponse({ status: 201, type: Lamp })
  switch(@Param() _lamp: LampParams): void {}
}

@Controller('v1/sandbox/lamps')
export class LampsSandboxController {
  @Post()
  @ApiOperation({ summary: 'Makes it dark.' })
  @ApiResponse({ status: 201, type: Lamp })
  dim(): void {}
}

@Controller('health')
export class HealthController {
  @Get()
  live(): string {
    return 'yes';
  }
}

@Module({
  controllers: [
    LampsController,
    LampsAdminController,
    LampsSandboxController,
    HealthController,
    ProblemsController,
  ],
  providers: [Electrician],
})
export class SampleModule {}

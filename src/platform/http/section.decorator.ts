import { ApiTags } from '@nestjs/swagger';

const descriptions = new Map<string, string>([
  [
    'Sandbox',
    'Stand-ins for the outside world and a clock that can be moved. They exist where the sandbox is on, never in production.',
  ],
]);

/**
 * The section of the reference in which a controller's operations are shown. Each section is described once,
 * by the module that owns it; its other controllers give the name alone.
 */
export function Section(name: string, description?: string): ClassDecorator & MethodDecorator {
  if (description !== undefined) descriptions.set(name, description);
  return ApiTags(name);
}

export const sectionDescription = (name: string): string | undefined => descriptions.get(name);

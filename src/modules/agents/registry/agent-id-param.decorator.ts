import { ApiParam } from '@nestjs/swagger';

/** The agent that a path names, for the reference. */
export const AgentIdParam = () =>
  ApiParam({ name: 'agent_id', description: 'The id of an agent.', example: 'agt_7f3a9b2c' });

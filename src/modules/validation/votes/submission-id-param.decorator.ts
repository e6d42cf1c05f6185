import { ApiParam } from '@nestjs/swagger';

/** The submission that a path names, for the reference. */
export const SubmissionIdParam = () =>
  ApiParam({ name: 'submission_id', description: 'The id of a submission.', example: 'sub_ghi78901' });

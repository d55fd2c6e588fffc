import { msg } from '@lingui/core/macro';

/** Of a time that nobody can come at. */
export const skippedTime = msg`The clock is put forward that night, and never shows this time.`;

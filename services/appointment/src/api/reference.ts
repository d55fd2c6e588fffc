import { versionFromIfMatch } from '@cabinet/kit/http/etag';
import type { Reference } from '../domain/reference.js';

/** For changes that may be made without `If-Match`; one that is sent counts. */
export const referenceTo = (id: string, ifMatch: string | undefined): Reference => ({
  id,
  version: ifMatch === undefined ? undefined : versionFromIfMatch(ifMatch),
});

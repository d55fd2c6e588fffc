import type { ExpectedVersion } from '@cabinet/kit/http/etag';

/** Which thing a request is about, and of which version, when the caller wants that looked at. */
export interface Reference {
  id: string;
  version?: ExpectedVersion;
}

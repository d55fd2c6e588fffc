import type { Registration } from '../domain/lease.js';
import type { Application, Applications } from '../domain/views.js';
import type { Codec } from './codec.js';
import { RefusedRegistration } from './read-instance.js';
import { toWireApplication, toWireApplications, toWireInstance } from './wire.js';

export const jsonCodec: Codec = {
  mediaType: 'application/json',
  writeInstance: (registration: Registration) => JSON.stringify({ instance: toWireInstance(registration) }),
  writeApplication: (application: Application) => JSON.stringify({ application: toWireApplication(application) }),
  writeApplications: (list: Applications) => JSON.stringify({ applications: toWireApplications(list) }),

  readInstance(text: string): unknown {
    const body = parse(text);
    if (typeof body !== 'object' || body === null || !('instance' in body)) {
      throw new RefusedRegistration('Missing instance');
    }
    return body.instance;
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RefusedRegistration('Malformed JSON', { cause });
  }
}

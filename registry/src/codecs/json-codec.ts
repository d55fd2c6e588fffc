import type { Registration } from '../domain/lease.js';
import type { Codec } from './codec.js';
import { Fragments } from './fragments.js';
import { RefusedRegistration } from './read-instance.js';
import { type Detail, toWireCompact, toWireHead, toWireLease, toWireTail } from './wire.js';

const fragments = new Fragments({
  around: (instance) => [
    `${JSON.stringify(toWireHead(instance)).slice(0, -1)},"leaseInfo":`,
    `,${JSON.stringify(toWireTail(instance)).slice(1)}`,
  ],
  lease: (lease) => JSON.stringify(toWireLease(lease)),
  compact: (instance) => JSON.stringify(toWireCompact(instance)),
});

/** An instance without the name around it. */
export const instanceJson = (registration: Registration): string => fragments.write(registration);

const applicationJson = (name: string, registrations: Registration[], detail?: Detail): string =>
  `{"name":${JSON.stringify(name)},"instance":[${registrations.map((each) => fragments.write(each, detail)).join(',')}]}`;

export const jsonCodec: Codec = {
  mediaType: 'application/json',
  writeInstance: (registration) => `{"instance":${instanceJson(registration)}}`,
  writeApplication: ({ name, registrations }, detail) =>
    `{"application":${applicationJson(name, registrations, detail)}}`,
  writeApplications({ version, hash, applications }, detail) {
    const written = applications.map(({ name, registrations }) => applicationJson(name, registrations, detail));
    const head = `"versions__delta":"${version}","apps__hashcode":"${hash}"`;
    return `{"applications":{${head},"application":[${written.join(',')}]}}`;
  },

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

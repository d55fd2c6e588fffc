import type { Registration } from '../domain/lease.js';
import type { Application, Applications } from '../domain/views.js';
import type { Detail } from './wire.js';

/** One of the two languages of the protocol. */
export interface Codec {
  mediaType: string;
  writeInstance(registration: Registration): string;
  writeApplication(application: Application, detail?: Detail): string;
  writeApplications(list: Applications, detail?: Detail): string;
  /**
   * The instance of a body, in the shape of Eureka's JSON whatever the language, its fields not yet checked.
   * @throws RefusedRegistration when the body is malformed or holds no instance
   */
  readInstance(text: string): unknown;
}

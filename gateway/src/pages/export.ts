import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { DomainError, type ErrorKind, Unavailable } from '@cabinet/kit/errors';
import { tidyAddress } from '@cabinet/kit/http/body';
import type { Problem } from '@cabinet/kit/http/problem';
import { isId } from '@cabinet/kit/ids';
import type { Express, Request } from 'express';
import { keepersOfPatientData } from '../route-table.js';
import { askService } from './ask-services.js';
import { archiveOf } from './export-archive.js';
import type { PatientData } from './export-index.js';
import type { PageParts } from './page-parts.js';

const path = '/api/patients/:id/export';
const ofExport = /^\/api\/patients\/([\w-]+)\/export$/;
export const isOfExport = (asked: string): boolean => isId(ofExport.exec(asked)?.[1] ?? '');

/** Who knows whether there is such a patient, and who may have their data. */
const first = 'patient';
const partMsMax = 20_000;

/**
 * `GET /api/patients/{id}/export`, for the patient: all that is kept of them as one archive (ZIP), a file
 * of JSON for each service, and an index to read in English and French. Each service is asked with the caller's own token,
 * asks the access table, and notes it. When one of them does not give its part, nothing is given: 503.
 */
export function serveExport(app: Express, parts: PageParts): void {
  app.get(path, identifyCaller(parts.verifier), tidyAddress, async (req, res) => {
    requireRole(req, ['patient']);
    const known = await partOf(parts, req, first, String(req.params.id).toLowerCase());
    const others = keepersOfPatientData.filter((service) => service !== first);
    const given = await Promise.all(others.map((service) => partOf(parts, req, service, known.patientId)));
    const all = new Map([
      [first, known],
      ...others.map((service, nth): [string, PatientData] => [service, given[nth] as PatientData]),
    ]);
    const language = req.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en';
    const archive = archiveOf(all, { language, at: new Date() });
    res.set({
      'Cache-Control': 'no-store',
      'Content-Type': 'application/zip',
      // Not by their name: files are found by others.
      'Content-Disposition': 'attachment; filename="export.zip"',
      'Content-Language': language,
    });
    res.vary('Accept-Language');
    archive.on('error', () => res.destroy());
    archive.pipe(res);
  });
}

/** What is said to the caller as the patient service says it. */
const refusals: Record<number, ErrorKind> = { 403: 'forbidden', 404: 'not-found', 410: 'gone' };

async function partOf(parts: PageParts, req: Request, service: string, id: string): Promise<PatientData> {
  const asked = { service, path: `/system/patient-data/${id}`, msMax: partMsMax };
  const { status, body } = await askService(parts, req, asked).catch((cause) => {
    throw missing(service, cause);
  });
  if (status === 200) return JSON.parse(String(body));
  const kind = service === first ? refusals[status] : undefined;
  if (!kind) throw missing(service, new Error(`it answered ${status}`));
  const { code, title } = JSON.parse(String(body)) as Problem;
  throw new DomainError(kind, code, title);
}

const missing = (service: string, cause: unknown): Unavailable =>
  new Unavailable('GATEWAY.EXPORT_INCOMPLETE', `The ${service} service has not given its part`, {
    detail: 'Nothing is given until all of it can be. Try again shortly.',
    cause,
  });

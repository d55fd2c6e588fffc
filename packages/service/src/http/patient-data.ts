import type { Policy } from '@cabinet/access/policy';
import { type Purpose, purposes } from '@cabinet/access/vocabulary';
import { requireRole } from '@cabinet/kit/access/authenticate';
import { DomainError, NotAllowed, NotFound } from '@cabinet/kit/errors';
import { isId } from '@cabinet/kit/ids';
import { Router } from 'express';
import { noteReason, noteSubjects } from '../audit/subjects.js';

/** All that a service keeps of a patient, as the patient sees it. */
export interface PatientData {
  /** The id that it is kept under: by that of one who was merged, it is that of the one they turned out to be. */
  patientId: string;
  /** What there is of each kind; nothing of other people but who treats the patient. */
  sections: Record<string, readonly object[]>;
}

/** @throws PatientDataGone (410), and NotFound (404) where the service knows who there is */
export type GivePatientData = (patientId: string) => Promise<PatientData>;

export class PatientDataGone extends DomainError {
  constructor() {
    super('gone', 'PATIENT.ERASED', 'The data of this patient has been erased');
  }
}

interface PatientDataParts {
  policy: Policy;
  give: GivePatientData;
  /** Ids under which a patient was registered as well, before they were merged. */
  earlierIds(patientId: string): Promise<string[]>;
}

/**
 * Where a service gives patients all that it keeps of them. The gateway asks each that keeps
 * something, with the token of whoever asks (`/api/patients/{id}/export`); it stands in no service's OpenAPI document.
 */
export function patientDataRoutes({ policy, give, earlierIds }: PatientDataParts): Router {
  const question = policy.question('patientExport', 'read', 'export');
  const router = Router();
  router.get('/system/patient-data/:patientId', async (req, res) => {
    const caller = requireRole(req, question.roles);
    const patientId = String(req.params.patientId).toLowerCase();
    if (!isId(patientId)) throw new NotFound('PATIENT.NOT_FOUND', 'There is no such patient');
    noteSubjects(patientId);
    const own = caller.patientId ? [caller.patientId, ...(await earlierIds(caller.patientId))] : [];
    const { allowed, purpose } = question.decide(caller.roles, [own.includes(patientId) ? 'self' : 'other']);
    if (!allowed) throw new NotAllowed('ACCESS.NOT_YOUR_DATA', 'You may only see your own data');
    noteReason({ purpose: purposes[purpose as Purpose] });
    const given = await give(patientId);
    noteSubjects(given.patientId);
    res.set('Cache-Control', 'no-store').json(given);
  });
  return router;
}

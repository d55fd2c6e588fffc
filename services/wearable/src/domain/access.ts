import { ask } from '@cabinet/access/ask';
import { delegatedIn } from '@cabinet/access/delegation';
import { actsForAny, familyRelation, noteKeptFromGuardians } from '@cabinet/access/family';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import type { Care, CareRelations, Term } from '@cabinet/service/access/care-relations';
import { noteReason, noteSubjects } from '@cabinet/service/audit/subjects';
import { NotYours, PatientErased } from './errors.js';
import type { Patients } from './ports.js';

const own: readonly Relation[] = ['self'];

/** Lets in the patient, who acts for them, who treats them, and the desk; what each may then do stands in the access table. */
export class WhoMay {
  constructor(
    private readonly patients: Patients,
    private readonly relations: CareRelations,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the id that the patient goes by now
   * @throws NotYours (403), PatientErased (410) for whom it would be theirs, Unavailable (503) when nobody can say who treats them
   */
  async letIn(patientId: string, actor: Principal): Promise<string> {
    const names = await this.patients.namesOf(patientId);
    noteSubjects(names?.[0] ?? patientId);
    const to = await this.relationsTo(actor, names ?? [patientId]);
    if (!ask(actor, to).allowed) throw new NotYours();
    if (!names) throw new PatientErased();
    return names[0];
  }

  /** What somebody is to a patient of these names. Who is the patient, or acts for them, is nothing else, at the desk neither. */
  private async relationsTo(actor: Principal, names: readonly string[]): Promise<readonly Relation[]> {
    const now = this.clock.now();
    if (hasRole(actor, 'patient')) {
      if (actor.patientId !== undefined && names.includes(actor.patientId)) return own;
      const family = [...new Set(names.flatMap((name) => familyRelation(actor, name, 'record', now)))];
      if (family.length > 0) {
        noteReason({ onBehalfOf: names[0] });
        return family;
      }
    }
    const isFamily = names.includes(actor.patientId ?? '') || actsForAny(actor, names, now);
    const treating = await this.treating(actor, names, isFamily);
    return hasRole(actor, 'secretary') && !isFamily ? [...treating, 'other'] : treating;
  }

  /** By visits to the practitioner, or to one for whom they stand in, in that time; the trail then says for whom. */
  private async treating(actor: Principal, names: readonly string[], isFamily: boolean): Promise<readonly Relation[]> {
    const { practitionerId } = actor;
    if (!hasRole(actor, 'practitioner') || !practitionerId) return [];
    if (await this.isInCare(practitionerId, names)) return ['care'];
    if (isFamily) return [];
    const absent = await Promise.all(
      delegatedIn(actor, 'agenda', this.clock.now()).map(async ({ practitionerId: id, as, since, until }) =>
        as === 'locum' && since && until && (await this.isInCare(id, names, { since, until })) ? id : undefined,
      ),
    );
    const first = absent.find((id) => id !== undefined);
    if (!first) return [];
    noteReason({ onBehalfOf: first });
    return ['locum'];
  }

  private async isInCare(practitionerId: string, names: readonly string[], within?: Term): Promise<boolean> {
    const found = new Set<Care>();
    for (const name of names) {
      found.add(await this.relations.between(name, practitionerId, within));
      if (found.has('care')) return true;
    }
    // That somebody comes who treats the patient by what is kept alone would tell of it.
    if (found.has('kept')) noteKeptFromGuardians();
    return found.has('kept');
  }
}

import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMayHelp } from './access.js';
import { IdentityConfirmed, NoSuchIdentity, NoUserToLink } from './errors-elsewhere.js';
import type { IdentityLink } from './identity.js';
import type { IdentityLinks, Users } from './ports.js';
import { linkOf, type TrustedIssuer } from './trusted-issuer.js';
import type { User } from './user.js';

/** Whom an identity is, as somebody of the practice says: by their login, or as the person they are here. */
export type Whose = { userId: string } | { patientId: string } | { practitionerId: string };

/** Who has come by an issuer is nobody here until a person of the practice has said who it is. */
export class KeepIdentities {
  constructor(
    private readonly issuers: readonly TrustedIssuer[],
    private readonly links: IdentityLinks,
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  /** The desk sees those of patients, an admin all. @param before the id that the page follows */
  async list({ limit, before }: { limit: number; before?: string }, actor: Principal): Promise<Page<IdentityLink>> {
    const issuerIds = this.issuers.filter((each) => isFor(actor, each)).map(({ id }) => id);
    const page = toPage(await this.links.list({ issuerIds, before, limit: limit + 1 }), limit);
    noteSubjects(actor.id, ...page.items.map(({ userId }) => userId));
    return page;
  }

  /** @throws NoSuchIdentity (404), IdentityConfirmed, NoUserToLink (409), NotAllowed (403) */
  async confirm(id: string, whose: Whose, actor: Principal): Promise<IdentityLink> {
    noteSubjects(actor.id);
    const { link, issuer } = await this.find(id, actor);
    if (link.userId) throw new IdentityConfirmed();
    const user = await this.userOf(whose);
    noteSubjects(user?.id, user?.patientId, user?.practitionerId);
    if (!user?.active || !fits(issuer, user)) throw new NoUserToLink();
    assertMayHelp(actor, user.roles);
    if (!(await this.links.confirm(id, user, this.clock.now(), actor.id))) throw new NoUserToLink();
    return (await this.links.find(id)) ?? link;
  }

  /** Whoever it was signs in by it no longer, and is signed out where they did. @throws NoSuchIdentity (404) */
  async remove(id: string, actor: Principal): Promise<void> {
    noteSubjects(actor.id);
    const { link } = await this.find(id, actor);
    noteSubjects(link.userId, link.userId && (await this.users.find(link.userId))?.patientId);
    await this.links.remove(id, this.clock.now());
  }

  private async find(id: string, actor: Principal): Promise<{ link: IdentityLink; issuer: TrustedIssuer }> {
    const link = await this.links.find(id);
    const issuer = this.issuers.find((each) => each.id === link?.issuerId);
    if (!link || !issuer || !isFor(actor, issuer)) throw new NoSuchIdentity();
    return { link, issuer };
  }

  private userOf(whose: Whose): Promise<User | undefined> {
    if ('userId' in whose) return this.users.find(whose.userId);
    if ('patientId' in whose) return this.users.findByLink('patientId', whose.patientId);
    return this.users.findByLink('practitionerId', whose.practitionerId);
  }
}

const isFor = (actor: Principal, issuer: TrustedIssuer): boolean =>
  hasRole(actor, 'admin') || linkOf(issuer) === 'patientId';

/** Patients come by an issuer for patients, and those who are nothing else; professionals by theirs. */
function fits(issuer: TrustedIssuer, user: User): boolean {
  const link = linkOf(issuer);
  if (user.roles.includes('admin') && !issuer.admins) return false;
  if (link === 'patientId') return user.patientId !== undefined && user.roles.every((role) => role === 'patient');
  return link === undefined || user[link] !== undefined;
}
